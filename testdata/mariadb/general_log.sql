/*M!999999\- enable the sandbox mode */ 
-- MariaDB dump 10.19  Distrib 10.11.14-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: copy
-- ------------------------------------------------------
-- Server version	10.11.14-MariaDB-0+deb12u2

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;

--
-- Table structure for table `general_log`
--

DROP TABLE IF EXISTS `general_log`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `general_log` (
  `event_time` timestamp(6) NOT NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6),
  `user_host` mediumtext CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci NOT NULL,
  `thread_id` bigint(21) unsigned NOT NULL,
  `server_id` int(10) unsigned NOT NULL,
  `command_type` varchar(64) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci NOT NULL,
  `argument` mediumtext CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci NOT NULL
) ENGINE=MyISAM DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `general_log`
--

LOCK TABLES `general_log` WRITE;
/*!40000 ALTER TABLE `general_log` DISABLE KEYS */;
INSERT INTO `general_log` VALUES
('2026-11-23 14:58:01.814915','[root] @ localhost []',4,1,'Connect','root@localhost on  using Socket'),
('2026-11-23 14:58:01.821605','root[root] @ localhost []',4,1,'Query','CREATE DATABASE shop CHARACTER SET utf8mb4'),
('2026-11-23 14:58:01.826675','root[root] @ localhost []',4,1,'Query','USE shop'),
('2026-11-23 14:58:01.827973','root[root] @ localhost []',4,1,'Query','CREATE TABLE product (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(100), price DECIMAL(8,2), stock INT DEFAULT 0)'),
('2026-11-23 14:58:01.857799','root[root] @ localhost []',4,1,'Query','CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, product INT, at DATETIME)'),
('2026-11-23 14:58:01.882522','root[root] @ localhost []',4,1,'Query','CREATE TABLE note (id INT PRIMARY KEY AUTO_INCREMENT, body LONGTEXT)'),
('2026-11-23 14:58:01.915396','root[root] @ localhost []',4,1,'Query','CREATE TABLE image (id INT PRIMARY KEY AUTO_INCREMENT, data LONGBLOB)'),
('2026-11-23 14:58:01.933844','root[root] @ localhost []',4,1,'Query','CREATE USER app@\'%\' IDENTIFIED BY \'S3cret!\''),
('2026-11-23 14:58:01.935506','root[root] @ localhost []',4,1,'Query','CREATE USER guest@\'%\', guest@localhost, \'\'@localhost'),
('2026-11-23 14:58:01.936304','root[root] @ localhost []',4,1,'Query','CREATE USER \'odd @ name[x]\'@localhost'),
('2026-11-23 14:58:01.936694','root[root] @ localhost []',4,1,'Query','GRANT ALL ON shop.* TO app@\'%\', guest@\'%\', guest@localhost'),
('2026-11-23 14:58:01.937401','root[root] @ localhost []',4,1,'Query','CREATE PROCEDURE fill(IN n INT) BEGIN DECLARE i INT DEFAULT 0; WHILE i < n DO INSERT INTO product (name, price) VALUES (CONCAT(\'p\', i), i * 1.5); SET i = i + 1; END WHILE; SELECT COUNT(*) FROM product; END'),
('2026-11-23 14:58:01.941990','root[root] @ localhost []',4,1,'Query','CREATE FUNCTION dearest() RETURNS DECIMAL(8,2) READS SQL DATA RETURN (SELECT MAX(price) FROM product)'),
('2026-11-23 14:58:01.943412','root[root] @ localhost []',4,1,'Query','CREATE TRIGGER sold AFTER INSERT ON orders FOR EACH ROW UPDATE product SET stock = stock - 1 WHERE id = NEW.product'),
('2026-11-23 14:58:01.946172','root[root] @ localhost []',4,1,'Quit',''),
('2026-11-23 14:58:01.946609','[root] @ localhost []',5,1,'Connect','root@localhost on shop using Socket'),
('2026-11-23 14:58:01.946716','root[root] @ localhost []',5,1,'Query','CALL fill(5)'),
('2026-11-23 14:58:01.951977','root[root] @ localhost []',5,1,'Query','PREPARE cheap FROM \'SELECT name FROM product WHERE price < ? AND name LIKE ?\''),
('2026-11-23 14:58:01.952252','root[root] @ localhost []',5,1,'Prepare','SELECT name FROM product WHERE price < ? AND name LIKE ?'),
('2026-11-23 14:58:01.952360','root[root] @ localhost []',5,1,'Query','SET @p = 3.5, @n = \'p%\''),
('2026-11-23 14:58:01.952560','root[root] @ localhost []',5,1,'Query','EXECUTE cheap USING @p, @n'),
('2026-11-23 14:58:01.952632','root[root] @ localhost []',5,1,'Execute','SELECT name FROM product WHERE price < 3.5 AND name LIKE \'p%\''),
('2026-11-23 14:58:01.953059','root[root] @ localhost []',5,1,'Query','EXECUTE cheap USING @n, @p'),
('2026-11-23 14:58:01.953088','root[root] @ localhost []',5,1,'Execute','SELECT name FROM product WHERE price < \'p%\' AND name LIKE 3.5'),
('2026-11-23 14:58:01.953284','root[root] @ localhost []',5,1,'Query','DEALLOCATE PREPARE cheap'),
('2026-11-23 14:58:01.953366','root[root] @ localhost []',5,1,'Query','EXECUTE IMMEDIATE \'SELECT dearest()\''),
('2026-11-23 14:58:01.953667','root[root] @ localhost []',5,1,'Prepare','SELECT dearest()'),
('2026-11-23 14:58:01.953682','root[root] @ localhost []',5,1,'Execute','SELECT dearest()'),
('2026-11-23 14:58:01.955914','root[root] @ localhost []',5,1,'Quit',''),
('2026-11-23 14:58:01.969546','[app] @  [127.0.0.1]',6,1,'Connect','app@127.0.0.1 on shop using TCP/IP'),
('2026-11-23 14:58:01.969929','app[app] @  [127.0.0.1]',6,1,'Prepare','SELECT id, name FROM product WHERE price > ? AND name <> ?\n  AND stock = ?'),
('2026-11-23 14:58:01.970356','app[app] @  [127.0.0.1]',6,1,'Execute','SELECT id, name FROM product WHERE price > 1.5 AND name <> \'p1\'\n  AND stock = 0'),
('2026-11-23 14:58:01.970679','app[app] @  [127.0.0.1]',6,1,'Execute','SELECT id, name FROM product WHERE price > NULL AND name <> \'it\\\'s \\\"quoted\\\" \\\\ and\\nof two lines\'\n  AND stock = -7'),
('2026-11-23 14:58:01.970858','app[app] @  [127.0.0.1]',6,1,'Execute','SELECT id, name FROM product WHERE price > 99.25 AND name <> \'café 日本 \\xF0\\x9F\\x94\\x91\'\n  AND stock = 1'),
('2026-11-23 14:58:01.971357','app[app] @  [127.0.0.1]',6,1,'Prepare','INSERT INTO image (data) VALUES (?)'),
('2026-11-23 14:58:01.971391','app[app] @  [127.0.0.1]',6,1,'Execute','INSERT INTO image (data) VALUES (\'\\0	\\n\\r\\Z !\\\"#$%&\\\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\\\\x80\\\\x81\\\\x82\\\\x83\\\\x84\\\\x85\\\\x86\\\\x87\\\\x88\\\\x89\\\\x8A\\\\x8B\\\\x8C\\\\x8D\\\\x8E\\\\x8F\\\\x90\\\\x91\\\\x92\\\\x93\\\\x94\\\\x95\\\\x96\\\\x97\\\\x98\\\\x99\\\\x9A\\\\x9B\\\\x9C\\\\x9D\\\\x9E\\\\x9F\\\\xA0\\\\xA1\\\\xA2\\\\xA3\\\\xA4\\\\xA5\\\\xA6\\\\xA7\\\\xA8\\\\xA9\\\\xAA\\\\xAB\\\\xAC\\\\xAD\\\\xAE\\\\xAF\\\\xB0\\\\xB1\\\\xB2\\\\xB3\\\\xB4\\\\xB5\\\\xB6\\\\xB7\\\\xB8\\\\xB9\\\\xBA\\\\xBB\\\\xBC\\\\xBD\\\\xBE\\\\xBF\\\\xC0\\\\xC1\\\\xC2\\\\xC3\\\\xC4\\\\xC5\\\\xC6\\\\xC7\\\\xC8\\\\xC9\\\\xCA\\\\xCB\\\\xCC\\\\xCD\\\\xCE\\\\xCF\\\\xD0\\\\xD1\\\\xD2\\\\xD3\\\\xD4\\\\xD5\\\\xD6\\\\xD7\\\\xD8\\\\xD9\\\\xDA\\\\xDB\\\\xDC\\\\xDD\\\\xDE\\\\xDF\\\\xE0\\\\xE1\\\\xE2\\\\xE3\\\\xE4\\\\xE5\\\\xE6\\\\xE7\\\\xE8\\\\xE9\\\\xEA\\\\xEB\\\\xEC\\\\xED\\\\xEE\\\\xEF\\\\xF0\\\\xF1\\\\xF2\\\\xF3\\\\xF4\\\\xF5\\\\xF6\\\\xF7\\\\xF8\\\\xF9\\\\xFA\\\\xFB\\\\xFC\\\\xFD\\\\xFE\\\\xFF\')'),
('2026-11-23 14:58:01.972254','app[app] @  [127.0.0.1]',6,1,'Long Data',''),
('2026-11-23 14:58:01.972283','app[app] @  [127.0.0.1]',6,1,'Long Data',''),
('2026-11-23 14:58:01.972306','app[app] @  [127.0.0.1]',6,1,'Execute','INSERT INTO image (data) VALUES (\'\\0long\\0\\ndata	\\\\xFF\\\\xFE\')'),
('2026-11-23 14:58:01.972886','app[app] @  [127.0.0.1]',6,1,'Reset stmt',''),
('2026-11-23 14:58:01.973019','app[app] @  [127.0.0.1]',6,1,'Close stmt',''),
('2026-11-23 14:58:01.973158','app[app] @  [127.0.0.1]',6,1,'Prepare','SELECT 1'),
('2026-11-23 14:58:01.973180','app[app] @  [127.0.0.1]',6,1,'Execute','SELECT 1'),
('2026-11-23 14:58:01.973331','app[app] @  [127.0.0.1]',6,1,'Close stmt',''),
('2026-11-23 14:58:01.973802','app[app] @  [127.0.0.1]',6,1,'Close stmt',''),
('2026-11-23 14:58:01.973824','app[app] @  [127.0.0.1]',6,1,'Quit',''),
('2026-11-23 14:58:01.974693','[app] @  [127.0.0.1]',7,1,'Connect','app@127.0.0.1 on shop using TCP/IP'),
('2026-11-23 14:58:01.974840','guest[guest] @  [127.0.0.1]',7,1,'Change user','guest@127.0.0.1 on shop using TCP/IP'),
('2026-11-23 14:58:01.974914','guest[guest] @  [127.0.0.1]',7,1,'Query','SELECT CURRENT_USER(), USER()'),
('2026-11-23 14:58:01.975175','nobody[nobody] @  [127.0.0.1]',7,1,'Change user','nobody@127.0.0.1 on  using TCP/IP'),
('2026-11-23 14:58:01.975245','nobody[nobody] @  [127.0.0.1]',7,1,'Connect','Access denied for user \'nobody\'@\'127.0.0.1\' (using password: NO)'),
('2026-11-23 14:58:02.984490','[root] @ localhost []',8,1,'Connect','root@localhost on  using Socket'),
('2026-11-23 14:58:02.986695','root[root] @ localhost []',8,1,'Init DB','shop'),
('2026-11-23 14:58:02.987986','root[root] @ localhost []',8,1,'Statistics',''),
('2026-11-23 14:58:02.988937','root[root] @ localhost []',8,1,'Debug',''),
('2026-11-23 14:58:02.989402','root[root] @ localhost []',8,1,'Field List','product %'),
('2026-11-23 14:58:02.989863','root[root] @ localhost []',8,1,'Refresh',''),
('2026-11-23 14:58:02.992062','root[root] @ localhost []',8,1,'Processlist',''),
('2026-11-23 14:58:02.992838','root[root] @ localhost []',8,1,'Quit',''),
('2026-11-23 14:58:02.993193','[root] @ localhost []',9,1,'Connect','root@localhost on shop using Socket'),
('2026-11-23 14:58:02.993452','root[root] @ localhost []',9,1,'Query','SET NAMES latin1'),
('2026-11-23 14:58:02.993772','root[root] @ localhost []',9,1,'Query','INSERT INTO note (body) VALUES (\'latin1: caf\\xE9 \\xA3 \\x80\')'),
('2026-11-23 14:58:02.997136','root[root] @ localhost []',9,1,'Query','SELECT * FROM note WHERE body = \'caf\\xE9 \\xA3 \\x80\''),
('2026-11-23 14:58:02.998864','root[root] @ localhost []',9,1,'Query','SET NAMES utf8mb4'),
('2026-11-23 14:58:02.999144','root[root] @ localhost []',9,1,'Query','INSERT INTO note (body) VALUES (\'utf8mb4: 日本 \\xF0\\x9F\\x94\\x91 ‮txt.exe\')'),
('2026-11-23 14:58:03.000366','root[root] @ localhost []',9,1,'Query','SELECT * FROM note WHERE body = \'日本 \\xF0\\x9F\\x94\\x91 ‮txt.exe\''),
('2026-11-23 14:58:03.000748','root[root] @ localhost []',9,1,'Query','SET NAMES gbk'),
('2026-11-23 14:58:03.000862','root[root] @ localhost []',9,1,'Query','INSERT INTO note (body) VALUES (\'gbk: \\xC4\\xE3\\xBA\\xC3 \\xBF\\\')'),
('2026-11-23 14:58:03.001482','root[root] @ localhost []',9,1,'Query','SELECT * FROM note WHERE body = \'\\xC4\\xE3\\xBA\\xC3 \\xBF\\\''),
('2026-11-23 14:58:03.001777','root[root] @ localhost []',9,1,'Query','SET NAMES cp1251'),
('2026-11-23 14:58:03.001931','root[root] @ localhost []',9,1,'Query','INSERT INTO note (body) VALUES (\'cp1251: \\xCF\\xF0\\xE8\\xE2\\xE5\\xF2\')'),
('2026-11-23 14:58:03.002779','root[root] @ localhost []',9,1,'Query','SELECT * FROM note WHERE body = \'\\xCF\\xF0\\xE8\\xE2\\xE5\\xF2\''),
('2026-11-23 14:58:03.003258','root[root] @ localhost []',9,1,'Query','SET NAMES binary'),
('2026-11-23 14:58:03.003466','root[root] @ localhost []',9,1,'Query','INSERT INTO note (body) VALUES (\'binary: \\x80\\xFE\\xFF\\xC0\\xAF\')'),
('2026-11-23 14:58:03.010442','root[root] @ localhost []',9,1,'Query','SELECT * FROM note WHERE body = \'\\x80\\xFE\\xFF\\xC0\\xAF\''),
('2026-11-23 14:58:03.010946','root[root] @ localhost []',9,1,'Query','SET NAMES utf8mb3'),
('2026-11-23 14:58:03.011085','root[root] @ localhost []',9,1,'Query','INSERT INTO note (body) VALUES (\'utf8mb3: broken \\xC3( \\xFF \\xF0\\x9F\\x94\\x91\')'),
('2026-11-23 14:58:03.011397','root[root] @ localhost []',9,1,'Query','SELECT * FROM note WHERE body = \'broken \\xC3( \\xFF \\xF0\\x9F\\x94\\x91\''),
('2026-11-23 14:58:03.011874','root[root] @ localhost []',9,1,'Quit',''),
('2026-11-23 14:58:03.012255','[root] @ localhost []',10,1,'Connect','root@localhost on shop using Socket'),
('2026-11-23 14:58:03.012411','root[root] @ localhost []',10,1,'Query','INSERT INTO image (data) VALUES (_binary \'\0	\n\r\Z !\"#$%&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~\\x80\\x81\\x82\\x83\\x84\\x85\\x86\\x87\\x88\\x89\\x8A\\x8B\\x8C\\x8D\\x8E\\x8F\\x90\\x91\\x92\\x93\\x94\\x95\\x96\\x97\\x98\\x99\\x9A\\x9B\\x9C\\x9D\\x9E\\x9F\\xA0\\xA1\\xA2\\xA3\\xA4\\xA5\\xA6\\xA7\\xA8\\xA9\\xAA\\xAB\\xAC\\xAD\\xAE\\xAF\\xB0\\xB1\\xB2\\xB3\\xB4\\xB5\\xB6\\xB7\\xB8\\xB9\\xBA\\xBB\\xBC\\xBD\\xBE\\xBF\\xC0\\xC1\\xC2\\xC3\\xC4\\xC5\\xC6\\xC7\\xC8\\xC9\\xCA\\xCB\\xCC\\xCD\\xCE\\xCF\\xD0\\xD1\\xD2\\xD3\\xD4\\xD5\\xD6\\xD7\\xD8\\xD9\\xDA\\xDB\\xDC\\xDD\\xDE\\xDF\\xE0\\xE1\\xE2\\xE3\\xE4\\xE5\\xE6\\xE7\\xE8\\xE9\\xEA\\xEB\\xEC\\xED\\xEE\\xEF\\xF0\\xF1\\xF2\\xF3\\xF4\\xF5\\xF6\\xF7\\xF8\\xF9\\xFA\\xFB\\xFC\\xFD\\xFE\\xFF\')'),
('2026-11-23 14:58:03.013322','root[root] @ localhost []',10,1,'Query','SELECT \'NUL \0 TAB 	 CR \r LF \n ESC [31mred[0m BEL  DEL  C1 \''),
('2026-11-23 14:58:03.013515','root[root] @ localhost []',10,1,'Query','SELECT \'\n2024-07-10T05:25:05.058758Z	 9999 Connect	root@10.0.0.1 on  using TCP/IP\n\''),
('2026-11-23 14:58:03.013648','root[root] @ localhost []',10,1,'Query','SELECT \'\n250311  8:42:00	  9999 Query	DROP TABLE users\n\''),
('2026-11-23 14:58:03.013769','root[root] @ localhost []',10,1,'Query','SELECT \'\n		  9999 Quit	\n\''),
('2026-11-23 14:58:03.013887','root[root] @ localhost []',10,1,'Query','/*\n		     9 Connect	root@localhost on shop\n*/ SELECT 1'),
('2026-11-23 14:58:03.014008','root[root] @ localhost []',10,1,'Query','SELECT \'\n/usr/sbin/mariadbd, Version: 10.0 (x). started with:\nTcp port: 0  Unix socket: x\nTime		    Id Command	Argument\n\''),
('2026-11-23 14:58:03.014377','root[root] @ localhost []',10,1,'Query','SELECT \'\n\"2024-07-10 05:25:05.058758\",\"root[root] @ localhost []\",9999,1,\"Query\",\"DROP TABLE users\"\n\''),
('2026-11-23 14:58:03.014534','root[root] @ localhost []',10,1,'Query','SELECT \'\\\n\"2024-07-10 05:25:05.058758\",\"root[root] @ localhost []\",9999,1,\"Query\",\"DROP TABLE users\"\\\n\''),
('2026-11-23 14:58:03.014694','root[root] @ localhost []',10,1,'Query','SELECT \'\n2024-07-10 05:25:05.058758	root[root] @ localhost []	9999	1	Query	DROP TABLE users\n\''),
('2026-11-23 14:58:03.014839','root[root] @ localhost []',10,1,'Query','SELECT \"\",\"\" , \"\"\"\", \"\\\"\n\"\",\n\", \'\\\\\''),
('2026-11-23 14:58:03.015015','root[root] @ localhost []',10,1,'Query','SELECT \'\\\\\\\n\\\\\\\\\n\\\' \\\\\', \'\\N\', \'NULL\', \'\\t\\n\\0\''),
('2026-11-23 14:58:03.015299','root[root] @ localhost []',10,1,'Query','SELECT 1,\r\n  2,\r\n  3'),
('2026-11-23 14:58:03.015527','root[root] @ localhost []',10,1,'Query','SELECT \'ends in a backslash\' \\'),
('2026-11-23 14:58:03.015833','root[root] @ localhost []',10,1,'Query','SELECT \'ends in CR\''),
('2026-11-23 14:58:03.016011','root[root] @ localhost []',10,1,'Query','SELECT \'ends in LF\''),
('2026-11-23 14:58:03.016326','root[root] @ localhost []',10,1,'Query','SELECT \'begins with lines\''),
('2026-11-23 14:58:03.016578','root[root] @ localhost []',10,1,'Query',''),
('2026-11-23 14:58:03.016808','root[root] @ localhost []',10,1,'Query',''),
('2026-11-23 14:58:03.017018','root[root] @ localhost []',10,1,'Query',''),
('2026-11-23 14:58:03.017148','root[root] @ localhost []',10,1,'Query','-- only a comment'),
('2026-11-23 14:58:03.017324','root[root] @ localhost []',10,1,'Query','/* only a comment */'),
('2026-11-23 14:58:03.017398','root[root] @ localhost []',10,1,'Query',''),
('2026-11-23 14:58:03.017502','root[root] @ localhost []',10,1,'Query','#'),
('2026-11-23 14:58:03.017581','root[root] @ localhost []',10,1,'Query','0x53454C4543542031'),
('2026-11-23 14:58:03.017738','root[root] @ localhost []',10,1,'Query','NULL'),
('2026-11-23 14:58:03.017827','root[root] @ localhost []',10,1,'Query','\\N'),
('2026-11-23 14:58:03.017927','root[root] @ localhost []',10,1,'Query','\"'),
('2026-11-23 14:58:03.020038','root[root] @ localhost []',10,1,'Query','SELECT \'long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long \''),
('2026-11-23 14:58:03.021784','root[root] @ localhost []',10,1,'Query','SELECT 0,\n1,\n2,\n3,\n4,\n5,\n6,\n7,\n8,\n9,\n10,\n11,\n12,\n13,\n14,\n15,\n16,\n17,\n18,\n19,\n20,\n21,\n22,\n23,\n24,\n25,\n26,\n27,\n28,\n29,\n30,\n31,\n32,\n33,\n34,\n35,\n36,\n37,\n38,\n39,\n40,\n41,\n42,\n43,\n44,\n45,\n46,\n47,\n48,\n49,\n50,\n51,\n52,\n53,\n54,\n55,\n56,\n57,\n58,\n59,\n60,\n61,\n62,\n63,\n64,\n65,\n66,\n67,\n68,\n69,\n70,\n71,\n72,\n73,\n74,\n75,\n76,\n77,\n78,\n79,\n80,\n81,\n82,\n83,\n84,\n85,\n86,\n87,\n88,\n89,\n90,\n91,\n92,\n93,\n94,\n95,\n96,\n97,\n98,\n99,\n100,\n101,\n102,\n103,\n104,\n105,\n106,\n107,\n108,\n109,\n110,\n111,\n112,\n113,\n114,\n115,\n116,\n117,\n118,\n119,\n120,\n121,\n122,\n123,\n124,\n125,\n126,\n127,\n128,\n129,\n130,\n131,\n132,\n133,\n134,\n135,\n136,\n137,\n138,\n139,\n140,\n141,\n142,\n143,\n144,\n145,\n146,\n147,\n148,\n149,\n150,\n151,\n152,\n153,\n154,\n155,\n156,\n157,\n158,\n159,\n160,\n161,\n162,\n163,\n164,\n165,\n166,\n167,\n168,\n169,\n170,\n171,\n172,\n173,\n174,\n175,\n176,\n177,\n178,\n179,\n180,\n181,\n182,\n183,\n184,\n185,\n186,\n187,\n188,\n189,\n190,\n191,\n192,\n193,\n194,\n195,\n196,\n197,\n198,\n199,\n200,\n201,\n202,\n203,\n204,\n205,\n206,\n207,\n208,\n209,\n210,\n211,\n212,\n213,\n214,\n215,\n216,\n217,\n218,\n219,\n220,\n221,\n222,\n223,\n224,\n225,\n226,\n227,\n228,\n229,\n230,\n231,\n232,\n233,\n234,\n235,\n236,\n237,\n238,\n239,\n240,\n241,\n242,\n243,\n244,\n245,\n246,\n247,\n248,\n249,\n250,\n251,\n252,\n253,\n254,\n255,\n256,\n257,\n258,\n259,\n260,\n261,\n262,\n263,\n264,\n265,\n266,\n267,\n268,\n269,\n270,\n271,\n272,\n273,\n274,\n275,\n276,\n277,\n278,\n279,\n280,\n281,\n282,\n283,\n284,\n285,\n286,\n287,\n288,\n289,\n290,\n291,\n292,\n293,\n294,\n295,\n296,\n297,\n298,\n299,\n300,\n301,\n302,\n303,\n304,\n305,\n306,\n307,\n308,\n309,\n310,\n311,\n312,\n313,\n314,\n315,\n316,\n317,\n318,\n319,\n320,\n321,\n322,\n323,\n324,\n325,\n326,\n327,\n328,\n329,\n330,\n331,\n332,\n333,\n334,\n335,\n336,\n337,\n338,\n339,\n340,\n341,\n342,\n343,\n344,\n345,\n346,\n347,\n348,\n349,\n350,\n351,\n352,\n353,\n354,\n355,\n356,\n357,\n358,\n359,\n360,\n361,\n362,\n363,\n364,\n365,\n366,\n367,\n368,\n369,\n370,\n371,\n372,\n373,\n374,\n375,\n376,\n377,\n378,\n379,\n380,\n381,\n382,\n383,\n384,\n385,\n386,\n387,\n388,\n389,\n390,\n391,\n392,\n393,\n394,\n395,\n396,\n397,\n398,\n399'),
('2026-11-23 14:58:03.030461','root[root] @ localhost []',10,1,'Quit',''),
('2026-11-23 14:58:03.031114','[root] @ localhost []',11,1,'Connect','root@localhost on shop using Socket'),
('2026-11-23 14:58:03.031406','root[root] @ localhost []',11,1,'Query','SELECT 1; SELECT \'a;b\' ;INSERT INTO orders (product, at) VALUES (1, NOW());\nUPDATE product SET price = 0'),
('2026-11-23 14:58:03.032257','root[root] @ localhost []',11,1,'Query','UPDATE product SET stock = stock - 1 WHERE id = NEW.product'),
('2026-11-23 14:58:03.036119','root[root] @ localhost []',11,1,'Query','SELECT 1; SELEC 2; SELECT 3'),
('2026-11-23 14:58:03.036956','root[root] @ localhost []',11,1,'Query','BEGIN; DELETE FROM orders; ROLLBACK'),
('2026-11-23 14:58:03.037936','root[root] @ localhost []',11,1,'Quit',''),
('2026-11-23 14:58:03.038967','[root] @  [127.0.0.1]',12,1,'Connect','root@127.0.0.1 on  using TCP/IP'),
('2026-11-23 14:58:03.039067','[root] @  [127.0.0.1]',12,1,'Connect','Access denied for user \'root\'@\'127.0.0.1\' (using password: YES)'),
('2026-11-23 14:58:03.040587','[admin] @  [127.0.0.1]',13,1,'Connect','admin@127.0.0.1 on  using TCP/IP'),
('2026-11-23 14:58:03.040653','[admin] @  [127.0.0.1]',13,1,'Connect','Access denied for user \'admin\'@\'127.0.0.1\' (using password: YES)'),
('2026-11-23 14:58:03.041645','[app] @  [127.0.0.1]',14,1,'Connect','app@127.0.0.1 on mysql using TCP/IP'),
('2026-11-23 14:58:03.041717','app[app] @  [127.0.0.1]',14,1,'Init DB','Access denied for user \'app\'@\'%\' to database \'mysql\''),
('2026-11-23 14:58:03.042822','[app] @  [127.0.0.1]',15,1,'Connect','app@127.0.0.1 on nowhere using TCP/IP'),
('2026-11-23 14:58:03.042886','app[app] @  [127.0.0.1]',15,1,'Init DB','Access denied for user \'app\'@\'%\' to database \'nowhere\''),
('2026-11-23 14:58:03.043496','[it\'s\'@\'me] @  [127.0.0.1]',16,1,'Connect','it\'s\'@\'me@127.0.0.1 on  using TCP/IP'),
('2026-11-23 14:58:03.043533','[it\'s\'@\'me] @  [127.0.0.1]',16,1,'Connect','Access denied for user \'it\'s\'@\'me\'@\'127.0.0.1\' (using password: YES)'),
('2026-11-23 14:58:03.043979','[on shop@evil] @  [127.0.0.1]',17,1,'Connect','on shop@evil@127.0.0.1 on  using TCP/IP'),
('2026-11-23 14:58:03.044016','[on shop@evil] @  [127.0.0.1]',17,1,'Connect','Access denied for user \'on shop@evil\'@\'127.0.0.1\' (using password: NO)'),
('2026-11-23 14:58:03.044530','[line\nbreak	] @  [127.0.0.1]',18,1,'Connect','line\nbreak	@127.0.0.1 on  using TCP/IP'),
('2026-11-23 14:58:03.044566','[line\nbreak	] @  [127.0.0.1]',18,1,'Connect','Access denied for user \'line\nbreak	\'@\'127.0.0.1\' (using password: YES)'),
('2026-11-23 14:58:03.044915','[odd @ name[x]] @ localhost []',19,1,'Connect','odd @ name[x]@localhost on  using Socket'),
('2026-11-23 14:58:03.045005','odd @ name[x][odd @ name[x]] @ localhost []',19,1,'Quit',''),
('2026-11-23 14:58:03.045293','[anyone] @ localhost []',20,1,'Connect','anyone@localhost on  using Socket'),
('2026-11-23 14:58:03.045371','[anyone] @ localhost []',20,1,'Quit',''),
('2026-11-23 14:58:03.045705','[guest] @  [127.0.0.1]',21,1,'Connect','guest@127.0.0.1 on shop using TCP/IP'),
('2026-11-23 14:58:03.045967','[root] @ localhost []',22,1,'Connect','root@localhost on  using Socket'),
('2026-11-23 14:58:03.046151','guest[guest] @  [127.0.0.1]',21,1,'Query','SELECT \'before the kill\''),
('2026-11-23 14:58:03.046490','root[root] @ localhost []',22,1,'Query','KILL QUERY 21'),
('2026-11-23 14:58:03.046600','root[root] @ localhost []',22,1,'Query','KILL 21'),
('2026-11-23 14:58:03.046877','root[root] @ localhost []',22,1,'Query','KILL 4294967295'),
('2026-11-23 14:58:03.047464','root[root] @ localhost []',22,1,'Query','FLUSH LOGS'),
('2026-11-23 14:58:03.047751','root[root] @ localhost []',22,1,'Query','SELECT \'after FLUSH LOGS\''),
('2026-11-23 14:58:03.047926','root[root] @ localhost []',22,1,'Query','SET sql_log_off = ON'),
('2026-11-23 14:58:03.048272','root[root] @ localhost []',22,1,'Query','SET GLOBAL general_log = OFF'),
('2026-11-23 14:58:03.048591','root[root] @ localhost []',22,1,'Query','FLUSH GENERAL LOGS'),
('2026-11-23 14:58:03.048696','root[root] @ localhost []',22,1,'Query','CREATE EVENT shop.once ON SCHEDULE AT NOW() DO UPDATE shop.product SET stock = stock + 10'),
('2026-11-23 14:58:03.054447','root[root] @ localhost [localhost]',23,1,'Query','UPDATE shop.product SET stock = stock + 10'),
('2026-11-23 14:58:05.051483','root[root] @ localhost []',22,1,'Quit',''),
('2026-11-23 14:58:05.094593','[root] @ localhost []',24,1,'Connect','root@localhost on shop using Socket'),
('2026-11-23 14:58:05.099661','root[root] @ localhost []',24,1,'Query','SELECT COUNT(*) FROM orders'),
('2026-11-23 14:58:05.100677','root[root] @ localhost []',24,1,'Query','CREATE PROCEDURE restock(IN p INT)\nBEGIN\n  \n  UPDATE product SET stock = stock + 1 WHERE id = p;\nEND'),
('2026-11-23 14:58:05.110614','root[root] @ localhost []',24,1,'Query','CALL restock(2)'),
('2026-11-23 14:58:05.114205','root[root] @ localhost []',24,1,'Query','SELECT \'crlf\nin a literal\', \"two words\"'),
('2026-11-23 14:58:05.114426','root[root] @ localhost []',24,1,'Query','INSERT INTO note (body) VALUES (\'tab	and \"quotes\" and \\\\ and \\n and \\0 as written\')'),
('2026-11-23 14:58:05.118083','root[root] @ localhost []',24,1,'Quit',''),
('2026-11-23 14:58:05.155530','[root] @ localhost []',25,1,'Connect','root@localhost on shop using Socket'),
('2026-11-23 14:58:05.160101','root[root] @ localhost []',25,1,'Query','SELECT \'one word\''),
('2026-11-23 14:58:05.160613','root[root] @ localhost []',25,1,'Query','SELECT 2'),
('2026-11-23 14:58:05.160921','root[root] @ localhost []',25,1,'Quit',''),
('2026-11-23 14:58:05.186989','[root] @ localhost []',26,1,'Connect','root@localhost on  using Socket'),
('2026-11-23 14:58:05.187133','root[root] @ localhost []',26,1,'Query','/*!40100 SET @@SQL_MODE=\'\' */'),
('2026-11-23 14:58:05.187283','root[root] @ localhost []',26,1,'Query','/*!40103 SET TIME_ZONE=\'+00:00\' */'),
('2026-11-23 14:58:05.187386','root[root] @ localhost []',26,1,'Query','/*M!100100 SET @@MAX_STATEMENT_TIME=0.000000 */'),
('2026-11-23 14:58:05.187451','root[root] @ localhost []',26,1,'Query','/*M!100100 SET WAIT_TIMEOUT=DEFAULT */'),
('2026-11-23 14:58:05.187500','root[root] @ localhost []',26,1,'Query','set optimizer_switch=\'semijoin=off\''),
('2026-11-23 14:58:05.187553','root[root] @ localhost []',26,1,'Query','SELECT LOGFILE_GROUP_NAME, FILE_NAME, TOTAL_EXTENTS, INITIAL_SIZE, ENGINE, EXTRA FROM INFORMATION_SCHEMA.FILES WHERE FILE_TYPE = \'UNDO LOG\' AND FILE_NAME IS NOT NULL AND LOGFILE_GROUP_NAME IS NOT NULL AND LOGFILE_GROUP_NAME IN (SELECT DISTINCT LOGFILE_GROUP_NAME FROM INFORMATION_SCHEMA.FILES WHERE FILE_TYPE = \'DATAFILE\' AND TABLESPACE_NAME IN (SELECT DISTINCT TABLESPACE_NAME FROM INFORMATION_SCHEMA.PARTITIONS WHERE TABLE_SCHEMA IN (\'shop\'))) GROUP BY LOGFILE_GROUP_NAME, FILE_NAME, ENGINE, TOTAL_EXTENTS, INITIAL_SIZE ORDER BY LOGFILE_GROUP_NAME'),
('2026-11-23 14:58:05.190484','root[root] @ localhost []',26,1,'Query','SELECT DISTINCT TABLESPACE_NAME, FILE_NAME, LOGFILE_GROUP_NAME, EXTENT_SIZE, INITIAL_SIZE, ENGINE FROM INFORMATION_SCHEMA.FILES WHERE FILE_TYPE = \'DATAFILE\' AND TABLESPACE_NAME IN (SELECT DISTINCT TABLESPACE_NAME FROM INFORMATION_SCHEMA.PARTITIONS WHERE TABLE_SCHEMA IN (\'shop\')) ORDER BY TABLESPACE_NAME, LOGFILE_GROUP_NAME'),
('2026-11-23 14:58:05.191838','root[root] @ localhost []',26,1,'Query','set optimizer_switch=default'),
('2026-11-23 14:58:05.191917','root[root] @ localhost []',26,1,'Init DB','shop'),
('2026-11-23 14:58:05.192350','root[root] @ localhost []',26,1,'Query','SHOW FULL TABLES'),
('2026-11-23 14:58:05.193022','root[root] @ localhost []',26,1,'Query','LOCK TABLES `image` READ /*!32311 LOCAL */,`note` READ /*!32311 LOCAL */,`orders` READ /*!32311 LOCAL */,`product` READ /*!32311 LOCAL */'),
('2026-11-23 14:58:05.193715','root[root] @ localhost []',26,1,'Query','SELECT engine, table_type FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = DATABASE() AND table_name = \'image\''),
('2026-11-23 14:58:05.194414','root[root] @ localhost []',26,1,'Query','SET SQL_QUOTE_SHOW_CREATE=1'),
('2026-11-23 14:58:05.194715','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'binary\''),
('2026-11-23 14:58:05.194977','root[root] @ localhost []',26,1,'Query','show create table `image`'),
('2026-11-23 14:58:05.195285','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'utf8mb4\''),
('2026-11-23 14:58:05.195543','root[root] @ localhost []',26,1,'Query','select column_name, extra, generation_expression, data_type from information_schema.columns where table_schema=database() and table_name=\'image\' order by ordinal_position'),
('2026-11-23 14:58:05.198604','root[root] @ localhost []',26,1,'Query','SELECT /*!40001 SQL_NO_CACHE */ `id`, `data` FROM `image`'),
('2026-11-23 14:58:05.198900','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'binary\''),
('2026-11-23 14:58:05.199065','root[root] @ localhost []',26,1,'Init DB','shop'),
('2026-11-23 14:58:05.199197','root[root] @ localhost []',26,1,'Query','select @@collation_database'),
('2026-11-23 14:58:05.199422','root[root] @ localhost []',26,1,'Query','SELECT TRIGGER_NAME FROM INFORMATION_SCHEMA.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = \'image\''),
('2026-11-23 14:58:05.201290','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'utf8mb4\''),
('2026-11-23 14:58:05.201479','root[root] @ localhost []',26,1,'Query','SELECT engine, table_type FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = DATABASE() AND table_name = \'note\''),
('2026-11-23 14:58:05.201755','root[root] @ localhost []',26,1,'Query','SET SQL_QUOTE_SHOW_CREATE=1'),
('2026-11-23 14:58:05.201908','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'binary\''),
('2026-11-23 14:58:05.202175','root[root] @ localhost []',26,1,'Query','show create table `note`'),
('2026-11-23 14:58:05.202367','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'utf8mb4\''),
('2026-11-23 14:58:05.202518','root[root] @ localhost []',26,1,'Query','select column_name, extra, generation_expression, data_type from information_schema.columns where table_schema=database() and table_name=\'note\' order by ordinal_position'),
('2026-11-23 14:58:05.204299','root[root] @ localhost []',26,1,'Query','SELECT /*!40001 SQL_NO_CACHE */ `id`, `body` FROM `note`'),
('2026-11-23 14:58:05.204560','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'binary\''),
('2026-11-23 14:58:05.204715','root[root] @ localhost []',26,1,'Init DB','shop'),
('2026-11-23 14:58:05.204771','root[root] @ localhost []',26,1,'Query','select @@collation_database'),
('2026-11-23 14:58:05.204920','root[root] @ localhost []',26,1,'Query','SELECT TRIGGER_NAME FROM INFORMATION_SCHEMA.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = \'note\''),
('2026-11-23 14:58:05.206568','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'utf8mb4\''),
('2026-11-23 14:58:05.206744','root[root] @ localhost []',26,1,'Query','SELECT engine, table_type FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = DATABASE() AND table_name = \'orders\''),
('2026-11-23 14:58:05.207010','root[root] @ localhost []',26,1,'Query','SET SQL_QUOTE_SHOW_CREATE=1'),
('2026-11-23 14:58:05.207366','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'binary\''),
('2026-11-23 14:58:05.207556','root[root] @ localhost []',26,1,'Query','show create table `orders`'),
('2026-11-23 14:58:05.207653','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'utf8mb4\''),
('2026-11-23 14:58:05.207726','root[root] @ localhost []',26,1,'Query','select column_name, extra, generation_expression, data_type from information_schema.columns where table_schema=database() and table_name=\'orders\' order by ordinal_position'),
('2026-11-23 14:58:05.209167','root[root] @ localhost []',26,1,'Query','SELECT /*!40001 SQL_NO_CACHE */ `id`, `product`, `at` FROM `orders`'),
('2026-11-23 14:58:05.209460','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'binary\''),
('2026-11-23 14:58:05.209609','root[root] @ localhost []',26,1,'Init DB','shop'),
('2026-11-23 14:58:05.209730','root[root] @ localhost []',26,1,'Query','select @@collation_database'),
('2026-11-23 14:58:05.209879','root[root] @ localhost []',26,1,'Query','SELECT TRIGGER_NAME FROM INFORMATION_SCHEMA.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = \'orders\''),
('2026-11-23 14:58:05.211440','root[root] @ localhost []',26,1,'Query','SHOW CREATE TRIGGER `sold`'),
('2026-11-23 14:58:05.211825','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'utf8mb4\''),
('2026-11-23 14:58:05.211989','root[root] @ localhost []',26,1,'Query','SELECT engine, table_type FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = DATABASE() AND table_name = \'product\''),
('2026-11-23 14:58:05.212289','root[root] @ localhost []',26,1,'Query','SET SQL_QUOTE_SHOW_CREATE=1'),
('2026-11-23 14:58:05.212440','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'binary\''),
('2026-11-23 14:58:05.212584','root[root] @ localhost []',26,1,'Query','show create table `product`'),
('2026-11-23 14:58:05.212746','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'utf8mb4\''),
('2026-11-23 14:58:05.212815','root[root] @ localhost []',26,1,'Query','select column_name, extra, generation_expression, data_type from information_schema.columns where table_schema=database() and table_name=\'product\' order by ordinal_position'),
('2026-11-23 14:58:05.213975','root[root] @ localhost []',26,1,'Query','SELECT /*!40001 SQL_NO_CACHE */ `id`, `name`, `price`, `stock` FROM `product`'),
('2026-11-23 14:58:05.214258','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'binary\''),
('2026-11-23 14:58:05.214411','root[root] @ localhost []',26,1,'Init DB','shop'),
('2026-11-23 14:58:05.214471','root[root] @ localhost []',26,1,'Query','select @@collation_database'),
('2026-11-23 14:58:05.214554','root[root] @ localhost []',26,1,'Query','SELECT TRIGGER_NAME FROM INFORMATION_SCHEMA.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = \'product\''),
('2026-11-23 14:58:05.215742','root[root] @ localhost []',26,1,'Query','SET SESSION character_set_results = \'utf8mb4\''),
('2026-11-23 14:58:05.215914','root[root] @ localhost []',26,1,'Query','UNLOCK TABLES'),
('2026-11-23 14:58:05.215996','root[root] @ localhost []',26,1,'Quit',''),
('2026-11-23 14:58:05.235100','[root] @ localhost []',27,1,'Connect','root@localhost on  using Socket'),
('2026-11-23 14:58:05.235306','root[root] @ localhost []',27,1,'Query','flush logs'),
('2026-11-23 14:58:05.235418','root[root] @ localhost []',27,1,'Statistics',''),
('2026-11-23 14:58:05.235471','root[root] @ localhost []',27,1,'Query','show processlist'),
('2026-11-23 14:58:05.236702','root[root] @ localhost []',27,1,'Quit',''),
('2026-11-23 14:58:05.252309','[root] @ localhost []',28,1,'Connect','root@localhost on  using Socket'),
('2026-11-23 14:58:05.252666','root[root] @ localhost []',28,1,'Query','SHOW VARIABLES LIKE \'pid_file\''),
('2026-11-23 14:58:05.254185','root[root] @ localhost []',28,1,'Shutdown',''),
('2026-11-23 14:58:06.891081','[app] @  [127.0.0.1]',4,1,'Connect','app@127.0.0.1 on shop using TCP/IP'),
('2026-11-23 14:58:06.893527','app[app] @  [127.0.0.1]',4,1,'Query','SELECT name FROM product WHERE name = \'über\''),
('2026-11-23 14:58:06.895936','app[app] @  [127.0.0.1]',4,1,'Query','CALL restock(1)'),
('2026-11-23 14:58:06.899259','app[app] @  [127.0.0.1]',4,1,'Query','SELECT a.name, b.at FROM product a JOIN orders b ON b.product = a.id'),
('2026-11-23 14:58:06.901826','app[app] @  [127.0.0.1]',4,1,'Quit',''),
('2026-11-23 14:58:06.902911','[root] @  [127.0.0.1]',5,1,'Connect','root@127.0.0.1 on  using TCP/IP'),
('2026-11-23 14:58:06.902946','[root] @  [127.0.0.1]',5,1,'Connect','Access denied for user \'root\'@\'127.0.0.1\' (using password: YES)'),
('2026-11-23 14:58:06.903723','[root] @ localhost []',6,1,'Connect','root@localhost on  using Socket'),
('2026-11-23 14:58:06.903889','root[root] @ localhost []',6,1,'Query','SELECT User, Host, authentication_string FROM mysql.user'),
('2026-11-23 14:58:06.906000','root[root] @ localhost []',6,1,'Query','SELECT * FROM shop.image INTO OUTFILE \'/nowhere/image\''),
('2026-11-23 14:58:06.906875','root[root] @ localhost []',6,1,'Quit',''),
('2026-11-23 14:58:06.948781','[root] @ localhost []',7,1,'Connect','root@localhost on  using Socket'),
('2026-11-23 14:58:06.957194','root[root] @ localhost []',7,1,'Query','SET GLOBAL general_log = OFF');
/*!40000 ALTER TABLE `general_log` ENABLE KEYS */;
UNLOCK TABLES;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed on 2026-11-28  5:47:20
