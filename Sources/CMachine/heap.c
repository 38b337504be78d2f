// The memory of the kernel: Swift's heap, runs of pages for file data, and thread slots; all in the
// arena and so shared by every process of the sandbox. Everything here runs under the kernel lock.
#include "CMachine.h"
#if MARTLET_IMAGE
#include "internal.h"

void *ml_roots[ML_ROOTS];
uint8_t *ml_arena(void) { return (uint8_t *)ML_ARENA; }

// ---------------------------------------------------------------------------------------------
// Heap. Small blocks come from slabs of one size class each; a table tells a page's class from an
// address. Larger ones are powers of two. Freed memory goes to a list of its class.
//
// Each page that a new process touches is a page fault of some microseconds, but the host maps 16 aligned pages
// at the first read of one. So slabs are as small as a page: what was made at about the same time, of whatever
// sizes, lies in few rows of 16 pages.
// ---------------------------------------------------------------------------------------------
#define LARGE_SHIFT 16
#define LARGE_SIZE (1ull << LARGE_SHIFT)
#define HEAP_PAGES (ML_HEAP_SIZE >> 12)
#define SMALL_CLASSES 28
#define LARGE_CLASS 32 // LARGE_CLASS + k: a block of LARGE_SIZE << k
#define LARGE_CLASSES 16

static const uint16_t class_size[SMALL_CLASSES] = {
    16, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512,
    640, 768, 1024, 1280, 1536, 2048, 2720, 4096, 5456, 8192, 16384, 32768,
};

/// Pages of a class's slabs.
static uint64_t slab_pages(unsigned class) {
    return class < 16 ? 1 : class < 22 ? 2 : class < 26 ? 4 : 8;
}

struct free_block { struct free_block *next; };

static struct {
    struct free_block *small[SMALL_CLASSES];
    struct free_block *large[LARGE_CLASSES];
    uint8_t *bump[SMALL_CLASSES], *bump_end[SMALL_CLASSES];
    uint64_t next_page, limit;
    uint64_t live[LARGE_CLASS + LARGE_CLASSES]; // blocks in use of each class
    uint8_t lookup[129];          // (size + 15) / 16 -> class, for sizes up to 2048
    bool ready;
} heap;

// The table of classes stands in the heap's first pages, from the end to the start, so that its page for the first
// blocks is the neighbour of these: TABLE_END is one page after a multiple of 64 KiB.
#define TABLE_END (((HEAP_PAGES + 0xffff) & ~0xffffull) + 4096)
static inline uint8_t *page_class(uint64_t page) {
    return (uint8_t *)(ML_ARENA + ML_HEAP_OFFSET + TABLE_END - 1) - page;
}

static void prepare(void) {
    unsigned class = 0;
    for (unsigned i = 0; i <= 128; i++) {
        while (class_size[class] < i * 16) class++;
        heap.lookup[i] = (uint8_t)class;
    }
    heap.limit = ML_HEAP_SIZE;
    heap.next_page = TABLE_END >> 12;
    heap.ready = true;
}

static uint8_t *take_pages(uint64_t count, uint8_t class) {
    if (heap.next_page + count > HEAP_PAGES) return 0;
    uint64_t first = heap.next_page;
    for (uint64_t i = 0; i < (class < LARGE_CLASS ? count : 1); i++) *page_class(first + i) = class;
    heap.next_page += count;
    return (uint8_t *)(ML_ARENA + ML_HEAP_OFFSET) + (first << 12);
}

static void *allocate_large(uint64_t size) {
    unsigned k = 0;
    while ((LARGE_SIZE << k) < size) k++;
    if (k >= LARGE_CLASSES) return 0;
    struct free_block *block = heap.large[k];
    if (block) heap.large[k] = block->next;
    else block = (struct free_block *)take_pages(LARGE_SIZE >> 12 << k, (uint8_t)(LARGE_CLASS + k));
    if (block) heap.live[LARGE_CLASS + k]++;
    return block;
}

static void *allocate(uint64_t size) {
    if (__builtin_expect(!heap.ready, 0)) prepare();
    unsigned class;
    if (size <= 2048) class = heap.lookup[(size + 15) >> 4];
    else if (size > 32768) return allocate_large(size);
    else for (class = 22; class_size[class] < size; class++) {}
    struct free_block *block = heap.small[class];
    if (block) {
        heap.live[class]++;
        heap.small[class] = block->next;
        return block;
    }
    if (heap.bump[class] == heap.bump_end[class]) {
        uint64_t count = slab_pages(class);
        uint8_t *slab = take_pages(count, (uint8_t)class);
        if (!slab) return 0;
        heap.bump[class] = slab;
        heap.bump_end[class] = slab + (count << 12) / class_size[class] * class_size[class];
    }
    uint8_t *memory = heap.bump[class];
    heap.live[class]++;
    heap.bump[class] += class_size[class];
    return memory;
}

/// Swift's door to memory. Every Swift type of the kernel is content with 16-byte alignment.
int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment > 16) return 22;
    *result = allocate(size ? size : 1);
    return *result ? 0 : 12;
}

void free(void *memory) {
    if (!memory) return;
    uint64_t offset = (uint64_t)memory - (ML_ARENA + ML_HEAP_OFFSET);
    if (offset >= ML_HEAP_SIZE) ml_panic("free of foreign memory", (uint64_t)memory);
    unsigned class = *page_class(offset >> 12);
    struct free_block *block = memory;
    if (class >= LARGE_CLASS) {
        unsigned k = class - LARGE_CLASS;
        heap.live[class]--;
        block->next = heap.large[k];
        heap.large[k] = block;
    } else {
        heap.live[class]--;
        block->next = heap.small[class];
        heap.small[class] = block;
    }
}

bool ml_heap_class(uint32_t index, uint64_t *size, uint64_t *live) {
    if (index >= SMALL_CLASSES + LARGE_CLASSES) return false;
    unsigned class = index < SMALL_CLASSES ? index : LARGE_CLASS + index - SMALL_CLASSES;
    *size = index < SMALL_CLASSES ? class_size[index] : LARGE_SIZE << (index - SMALL_CLASSES);
    *live = heap.live[class];
    return true;
}

uint64_t ml_heap_used(void) {
    uint64_t used = 0, size, live;
    for (uint32_t i = 0; ml_heap_class(i, &size, &live); i++) used += size * live;
    return used;
}
uint64_t ml_heap_committed(void) { return heap.ready ? (heap.next_page << 12) - TABLE_END : 0; }
uint64_t ml_heap_limit(void) { return ML_HEAP_SIZE; }

// ---------------------------------------------------------------------------------------------
// Page runs. Power-of-two runs; a freed run of up to 1 MiB is kept for reuse, a larger one is given
// back to the host and its address kept.
// ---------------------------------------------------------------------------------------------
#define ORDERS 24
#define KEEP_ORDER 8

static struct {
    uint64_t free[ORDERS];  // address of the first free run; the next one's address is in its first word
    uint64_t next, used, limit;
    bool ready;
} pages;

uint64_t ml_pages_allocate(uint32_t order, bool zeroed) {
    if (order >= ORDERS) return 0;
    if (!pages.ready) {
        pages.next = ML_ARENA + ML_PAGES_OFFSET;
        if (!pages.limit) pages.limit = ML_PAGES_SIZE >> 12;
        pages.ready = true;
    }
    uint64_t count = 1ull << order;
    if (pages.used + count > pages.limit) return 0;
    uint64_t address = pages.free[order];
    if (address) {
        pages.free[order] = *(uint64_t *)address;
        if (order > KEEP_ORDER) *(uint64_t *)address = 0;
        else if (zeroed) ml_zero((void *)address, count << 12);
    } else {
        // Runs are aligned to their size up to 2 MiB, so that the host may map them with large pages.
        uint64_t align = (count < 512 ? count : 512) << 12;
        address = (pages.next + align - 1) & ~(align - 1);
        // The gap becomes free runs of smaller orders.
        while (pages.next < address) {
            unsigned small = (unsigned)__builtin_ctzll(pages.next >> 12);
            while ((pages.next + (4096ull << small)) > address) small--;
            *(uint64_t *)pages.next = pages.free[small];
            pages.free[small] = pages.next;
            pages.next += 4096ull << small;
        }
        if (address + (count << 12) > ML_ARENA + ML_ARENA_SIZE) return 0;
        pages.next = address + (count << 12);
    }
    pages.used += count;
    return address;
}

void ml_pages_free(uint64_t address, uint32_t order) {
    if (order > KEEP_ORDER)
        ml_gate(NR_madvise, (int64_t)address, (int64_t)(4096ull << order), 9 /* MADV_REMOVE */, 0, 0, 0);
    *(uint64_t *)address = pages.free[order];
    pages.free[order] = address;
    pages.used -= 1ull << order;
}

uint64_t ml_pages_used(void) { return pages.used; }
uint64_t ml_pages_limit(void) { return pages.limit ? pages.limit : ML_PAGES_SIZE >> 12; }
void ml_pages_set_limit(uint64_t limit) {
    pages.limit = limit < (ML_PAGES_SIZE >> 12) ? limit : ML_PAGES_SIZE >> 12;
}

// ---------------------------------------------------------------------------------------------
// Thread slots, reused last in first out: their pages are there and warm.
// ---------------------------------------------------------------------------------------------
static struct { uint32_t free[ML_SLOT_COUNT], count, next; } slots;

uint32_t ml_slot_allocate(void) {
    uint32_t slot = 0;
    bool found = false;
    // A slot is free for reuse once its last host thread has let go of the stack.
    for (uint32_t i = slots.count; i-- > 0 && !found;) {
        slot = slots.free[i];
        if (__atomic_load_n(&ml_block_of_slot(slot)->flags, __ATOMIC_ACQUIRE) == 0) {
            slots.free[i] = slots.free[--slots.count];
            found = true;
        }
    }
    if (!found) {
        if (slots.next >= ML_SLOT_COUNT) return UINT32_MAX;
        slot = slots.next++;
    }
    ml_block *block = ml_block_of_slot(slot);
    ml_zero(block, sizeof *block);
    block->self = block;
    block->slot = slot;
    block->flags = 1; // in use by a host thread; cleared by ml_exit_thread
    return slot;
}

void ml_slot_free(uint32_t slot) {
    ml_block_of_slot(slot)->task = 0;
    ml_block_of_slot(slot)->host_tid = 0;
    slots.free[slots.count++] = slot;
}

uint32_t ml_slots_used(void) { return slots.next - slots.count; }
#endif
