-- Read by the command line client: comments, a delimiter of its own, a line end inside a literal.
SELECT COUNT(*) FROM orders;
DELIMITER //
CREATE PROCEDURE restock(IN p INT)
BEGIN
  -- a comment with a ; and a 'quote
  UPDATE product SET stock = stock + 1 WHERE id = p;
END//
DELIMITER ;
CALL restock(2);
SELECT 'crlf
in a literal', "two words";
INSERT INTO note (body) VALUES ('tab	and "quotes" and \\ and \n and \0 as written');
