#include "textflag.h"

// Four words of 32 bits in the register X, all of the same value.
#define FOUR(value, X) \
	MOVL   $value, AX \
	MOVL   AX, X      \
	PSHUFL $0, X, X

// Makes the four words at DI anew: the upper bit of each and the lower bits of
// the one behind it, shifted by one and, where that one is odd, twisted, over the
// far word. The new words stay in X0.
#define RECUR(far) \
	MOVOU (DI), X0  \
	MOVOU 4(DI), X1 \
	MOVOU far, X2   \
	PAND  X5, X0    \
	PAND  X6, X1    \
	POR   X1, X0    \
	PSRLL $1, X0    \
	PSLLL $31, X1   \
	PSRAL $31, X1   \
	PAND  X7, X1    \
	PXOR  X2, X0    \
	PXOR  X1, X0    \
	MOVOU X0, (DI)  \
	ADDQ  $16, DI

// func advance(k *state)
//
// The far word is 397 ahead for the first 227 words and 227 behind, a new one, for
// the others. Groups of four end at 228: the far word of 227 is the first new
// one, which is again behind the state, as the word behind the last is.
TEXT ·advance(SB), NOSPLIT, $0-8
	MOVQ k+0(FP), DI
	FOUR(0x80000000, X5)
	FOUR(0x7fffffff, X6)
	FOUR(0x9908b0df, X7)
	RECUR(1588(DI))
	MOVOU X0, 2480(DI)
	MOVQ  $56, CX

ahead:
	RECUR(1588(DI))
	DECQ CX
	JNZ  ahead
	MOVQ $99, CX

behind:
	RECUR(-908(DI))
	DECQ CX
	JNZ  behind
	RET

// func temper(out *[BlockPairs]uint64, k *state)
TEXT ·temper(SB), NOSPLIT, $0-16
	MOVQ out+0(FP), DI
	MOVQ k+8(FP), SI
	FOUR(0x9d2c5680, X5)
	FOUR(0xefc60000, X6)
	MOVQ $156, CX

next:
	MOVOU (SI), X0
	MOVO  X0, X1
	PSRLL $11, X1
	PXOR  X1, X0
	MOVO  X0, X1
	PSLLL $7, X1
	PAND  X5, X1
	PXOR  X1, X0
	MOVO  X0, X1
	PSLLL $15, X1
	PAND  X6, X1
	PXOR  X1, X0
	MOVO  X0, X1
	PSRLL $18, X1
	PXOR  X1, X0
	MOVOU X0, (DI)
	ADDQ  $16, SI
	ADDQ  $16, DI
	DECQ  CX
	JNZ   next
	RET
