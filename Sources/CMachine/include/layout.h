/// The fixed places of the kernel in every guest address space; also included from assembly.
#ifndef ML_LAYOUT_H
#define ML_LAYOUT_H

// The kernel's own range of each address space. Guests cannot map anything here.
#define ML_KERNEL_START   0x700000000000
#define ML_KERNEL_END     0x702000000000

// The arena: one memfd, mapped shared by all processes of the sandbox. Its address is a multiple of
// its size, so one shift tells whether an address lies in it.
#define ML_ARENA          0x701000000000
#define ML_ARENA_SHIFT    36
#define ML_ARENA_SIZE     0x1000000000
#define ML_PROTOCOL_SIZE  0x4000000      // shared with the monitor: 64 MiB
#define ML_MEMORY_WATCH   0x1C0          // MonitorProtocol's Header.memoryWatch
#define ML_DATA_OFFSET    0x4000000      // the image's .data and .bss: 64 MiB
#define ML_DATA_SIZE      0x4000000
#define ML_SLOTS_OFFSET   0x8000000      // thread slots
#define ML_SLOT_SHIFT     17             // 128 KiB each
#define ML_SLOT_COUNT     8192           // 1 GiB
// The lower half of a byte-swapped address of a slot: all of them lie in the arena's first 4 GiB.
#define ML_SLOTS_TURNED   0x10700000
#define ML_LINKS_OFFSET   0x50000000     // lists of free page runs: 4 bytes a page
#define ML_HEAP_OFFSET    0x80000000     // the Swift heap: 6 GiB
#define ML_HEAP_SIZE      0x180000000
#define ML_PAGES_OFFSET   0x200000000    // file pages: the remaining 56 GiB
#define ML_PAGES_SIZE     0xE00000000

#define ML_ARENA_FD       3
#define ML_SOCKET_FD      4

// A slot, from its top down: block, frame, kernel stack.
#define ML_BLOCK_SIZE     512
#define ML_FRAME_SIZE     176
#define ML_WAKE_LIST      24

// Offsets in ml_frame.
#define F_R15 0
#define F_R14 8
#define F_R13 16
#define F_R12 24
#define F_RBP 32
#define F_RBX 40
#define F_R11 48
#define F_R10 56
#define F_R9 64
#define F_R8 72
#define F_RAX 80
#define F_RCX 88
#define F_RDX 96
#define F_RSI 104
#define F_RDI 112
#define F_ORIG 120
#define F_RIP 128
#define F_CS 136
#define F_FLAGS 144
#define F_RSP 152
#define F_SS 160

// Offset of ml_block.work from the frame.
#define B_WORK (ML_FRAME_SIZE + 8)

#define ML_USER_END 0x7ffffffff000

#endif
