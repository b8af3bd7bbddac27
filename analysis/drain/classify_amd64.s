#include "textflag.h"

// Sixteen times the same byte, given four times, in X.
#define SIXTEEN(value, X) \
	MOVL   $value, AX \
	MOVL   AX, X      \
	PSHUFL $0, X, X

// All ones in X where its byte, less those below, is at most that of most.
#define WITHIN(most, X) \
	MOVO    X, X5    \
	PMINUB  most, X5 \
	PCMPEQB X5, X

// The bits of the bytes of X, shifted, into mask.
#define COLLECT(X, shift, mask) \
	PMOVMSKB X, AX      \
	SHLQ     $shift, AX \
	ORQ      AX, mask

// Classifies the 16 bytes of a block from shift on.
#define CLASSIFY(shift) \
	MOVOU    shift(SI), X0 \
	PMOVMSKB X0, AX        \
	ORQ      AX, R8        \
	MOVO     X0, X1        \
	WITHIN(X7, X1)         \
	PMOVMSKB X1, AX        \
	ORQ      AX, R9        \
	MOVO     X0, X1        \
	PCMPEQB  X6, X1        \
	MOVO     X0, X2        \
	PSUBB    X8, X2        \
	WITHIN(X9, X2)         \
	POR      X2, X1        \
	MOVO     X0, X2        \
	PSUBB    X10, X2       \
	WITHIN(X11, X2)        \
	POR      X2, X1        \
	COLLECT(X1, shift, R12) \
	MOVO     X0, X1        \
	PSUBB    X12, X1       \
	WITHIN(X8, X1)         \
	COLLECT(X1, shift, R13) \
	POR      X6, X0        \
	PSUBB    X13, X0       \
	WITHIN(X14, X0)        \
	POR      X1, X0        \
	COLLECT(X0, shift, BX)

// Where eight bits in a row are set in mask, some are left.
#define RUNS(mask, temp) \
	MOVQ mask, temp \
	SHRQ $1, temp   \
	ANDQ temp, mask \
	MOVQ mask, temp \
	SHRQ $2, temp   \
	ANDQ temp, mask \
	MOVQ mask, temp \
	SHRQ $4, temp   \
	ANDQ temp, mask

// func classifyBlocks(text []byte, space, digit []uint64, seen *sightings)
TEXT ·classifyBlocks(SB), NOSPLIT, $0-80
	MOVQ text_base+0(FP), SI
	MOVQ text_len+8(FP), CX
	MOVQ space_base+24(FP), DI
	MOVQ digit_base+48(FP), DX
	MOVQ seen+72(FP), R11
	SHRQ $6, CX
	JZ   done
	SIXTEEN(0x20202020, X6)  // the space, and what makes letters small
	SIXTEEN(0x1f1f1f1f, X7)
	SIXTEEN(0x09090909, X8)  // the tab, and the digits but one
	SIXTEEN(0x04040404, X9)
	SIXTEEN(0x1c1c1c1c, X10)
	SIXTEEN(0x03030303, X11)
	SIXTEEN(0x30303030, X12) // '0'
	SIXTEEN(0x61616161, X13) // 'a'
	SIXTEEN(0x05050505, X14)
	MOVQ 0(R11), R8
	MOVQ 8(R11), R9

block:
	XORQ R12, R12
	XORQ R13, R13
	XORQ BX, BX
	CLASSIFY(0)
	CLASSIFY(16)
	CLASSIFY(32)
	CLASSIFY(48)
	MOVQ R12, (DI)
	MOVQ R13, (DX)

	// Runs in this block, and in its first 57 bytes behind the last 7 of the one
	// before.
	MOVQ 24(R11), R12
	MOVQ BX, 24(R11)
	SHRQ $57, R12
	MOVQ BX, R13
	SHLQ $7, R13
	ORQ  R12, R13
	RUNS(BX, AX)
	RUNS(R13, AX)
	ORQ  R13, BX
	ORQ  BX, 16(R11)
	ADDQ $64, SI
	ADDQ $8, DI
	ADDQ $8, DX
	DECQ CX
	JNZ  block
	MOVQ R8, 0(R11)
	MOVQ R9, 8(R11)

done:
	RET
