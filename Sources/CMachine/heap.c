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
#define GIVE_BACK_CLASS 4 // from 1 MiB on

static const uint16_t class_size[SMALL_CLASSES] = {
    16, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512,
    640, 768, 1024, 1280, 1536, 2048, 2720, 4096, 5456, 8192, 16384, 32768,
};

/// Pages of a class's slabs.
static uint64_t slab_pages(unsigned class) {
    return class < 16 ? 1 : class < 22 ? 2 : class < 26 ? 4 : 8;
}

struct free_block { struct free_block *next; };

/// See ml_account_private.
static void account_check(void);

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
    if (!heap.limit) heap.limit = ML_HEAP_SIZE;
    heap.next_page = TABLE_END >> 12;
    heap.ready = true;
}

static uint8_t *take_pages(uint64_t count, uint8_t class) {
    if (heap.next_page + count > HEAP_PAGES) return 0;
    uint64_t first = heap.next_page;
    for (uint64_t i = 0; i < (class < LARGE_CLASS ? count : 1); i++) *page_class(first + i) = class;
    heap.next_page += count;
    account_check();
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
        // What a table that has grown leaves behind is of no use to the host's memory.
        if (k >= GIVE_BACK_CLASS) ml_gate(NR_madvise, (int64_t)memory, (int64_t)(LARGE_SIZE << k), 9 /* MADV_REMOVE */, 0, 0, 0);
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
uint64_t ml_heap_limit(void) { return heap.limit ? heap.limit : ML_HEAP_SIZE; }
void ml_heap_set_limit(uint64_t bytes) { heap.limit = bytes < ML_HEAP_SIZE ? bytes : ML_HEAP_SIZE; }
bool ml_heap_is_low(void) {
    // A small heap has a small reserve. Free blocks of one size are no use for another, so the room for new ones counts too.
    uint64_t limit = ml_heap_limit(), reserve = limit / 8 < (64 << 20) ? limit / 8 : 64 << 20;
    uint64_t committed = ml_heap_committed();
    if (committed > ML_HEAP_SIZE - (64 << 20)) return true;
    return committed > limit - reserve && ml_heap_used() > limit - reserve;
}

// ---------------------------------------------------------------------------------------------
// Page runs. Power-of-two runs. A freed run of up to 1 MiB is kept for reuse while there are not too many; others are
// given back to the host and only their address is kept. The lists lie apart from the pages, in a table of a word for
// each page of the arena: the number of the next run's first page, and whether the host has the memory.
// ---------------------------------------------------------------------------------------------
#define ORDERS 24
#define KEEP_ORDER 8
#define KEEP_PAGES 8192 // 32 MiB
#define GIVEN_BACK 0x80000000u

static struct {
    uint32_t free[ORDERS];  // 1 + number of the first page of the first free run; 0: none
    uint64_t next, used, kept, limit;
    bool ready;
    bool fresh;             // the run allocated last had no memory of the host
    // Neighbouring runs that are to be given back together: a call of the host for each page is what takes long.
    struct { uint64_t start, end; uint32_t first; } leaving;
} pages;
#define LEAVE_PAGES 1024 // 4 MiB

static uint32_t *link_of(uint32_t page) { return (uint32_t *)(ML_ARENA + ML_LINKS_OFFSET) + page; }
static uint32_t page_number(uint64_t address) { return (uint32_t)((address - (ML_ARENA + ML_PAGES_OFFSET)) >> 12); }

static void push(uint64_t address, uint32_t order, uint32_t given_back) {
    uint32_t page = page_number(address);
    *link_of(page) = pages.free[order] | given_back;
    pages.free[order] = page + 1;
    if (!given_back) pages.kept += 1ull << order;
}

/// Memory at the end of what has been used so far. Reads as zero.
static uint64_t take_fresh(uint64_t count) {
    // Runs are aligned to their size up to 2 MiB, so that the host may map them with large pages.
    uint64_t align = (count < 512 ? count : 512) << 12;
    uint64_t address = (pages.next + align - 1) & ~(align - 1);
    if (address + (count << 12) > ML_ARENA + ML_ARENA_SIZE) return 0;
    // The gap becomes free runs of smaller orders.
    while (pages.next < address) {
        unsigned small = (unsigned)__builtin_ctzll(pages.next >> 12);
        while ((pages.next + (4096ull << small)) > address) small--;
        push(pages.next, small, GIVEN_BACK);
        pages.next += 4096ull << small;
    }
    pages.next = address + (count << 12);
    return address;
}

/// Gives the runs that are leaving back to the host. While they leave, the word of each in the table holds its order above the
/// number of the next.
static void leave(void) {
    if (pages.leaving.end == pages.leaving.start) return;
    ml_gate(NR_madvise, (int64_t)pages.leaving.start, (int64_t)(pages.leaving.end - pages.leaving.start), 9 /* MADV_REMOVE */, 0, 0, 0);
    for (uint32_t next = pages.leaving.first; next != 0;) {
        uint32_t page = next - 1, link = *link_of(page);
        next = link & 0xffffff;
        push(ML_ARENA + ML_PAGES_OFFSET + ((uint64_t)page << 12), link >> 24, GIVEN_BACK);
    }
    pages.leaving.start = pages.leaving.end = 0;
    pages.leaving.first = 0;
}
_Static_assert(ML_PAGES_SIZE >> 12 < 0xffffff, "the number of a page has 24 bits");

static void give_back(uint64_t address, uint32_t order) {
    uint64_t end = address + (4096ull << order);
    bool follows = address == pages.leaving.end, precedes = end == pages.leaving.start;
    if (!(follows || precedes) || pages.leaving.end - pages.leaving.start + (4096ull << order) > LEAVE_PAGES << 12) leave();
    if (pages.leaving.end == pages.leaving.start) {
        pages.leaving.start = address;
        pages.leaving.end = end;
    } else if (follows) {
        pages.leaving.end = end;
    } else {
        pages.leaving.start = address;
    }
    uint32_t page = page_number(address);
    *link_of(page) = order << 24 | pages.leaving.first;
    pages.leaving.first = page + 1;
    if (pages.leaving.end - pages.leaving.start >= LEAVE_PAGES << 12) leave();
}

bool ml_pages_fresh(void) { return pages.fresh; }

uint64_t ml_pages_allocate(uint32_t order, bool zeroed) {
    if (order >= ORDERS) return 0;
    if (!pages.ready) {
        pages.next = ML_ARENA + ML_PAGES_OFFSET;
        if (!pages.limit) pages.limit = ML_PAGES_SIZE >> 12;
        pages.ready = true;
    }
    uint64_t count = 1ull << order, address;
    if (pages.used + count > pages.limit) return 0;
    if (pages.free[order]) {
        uint32_t page = pages.free[order] - 1, link = *link_of(page);
        pages.free[order] = link & ~GIVEN_BACK;
        address = ML_ARENA + ML_PAGES_OFFSET + ((uint64_t)page << 12);
        pages.fresh = link & GIVEN_BACK;
        if (!(link & GIVEN_BACK)) {
            pages.kept -= count;
            if (zeroed) ml_zero((void *)address, count << 12);
        }
    } else {
        address = take_fresh(count);
        if (!address) return 0;
        pages.fresh = true;
    }
    pages.used += count;
    account_check();
    return address;
}

void ml_pages_free(uint64_t address, uint32_t order) {
    uint64_t count = 1ull << order;
    bool keeps = order <= KEEP_ORDER && pages.kept + count <= KEEP_PAGES;
    if (!keeps) give_back(address, order); else push(address, order, 0);
    pages.used -= count;
    account_check();
}

uint64_t ml_pages_used(void) { return pages.used; }
uint64_t ml_pages_limit(void) { return pages.limit ? pages.limit : ML_PAGES_SIZE >> 12; }
void ml_pages_set_limit(uint64_t limit) {
    pages.limit = limit < (ML_PAGES_SIZE >> 12) ? limit : ML_PAGES_SIZE >> 12;
}

// ---------------------------------------------------------------------------------------------
// The limit of the sandbox's memory. Private memory of guests is the host's, and what of it is in use only the host knows. What
// can be in use at most is known here: while that is below the limit, nobody has to look. Otherwise the monitor does.
// ---------------------------------------------------------------------------------------------
static struct { uint64_t limit; int64_t private_pages; bool watched; } account;

static void account_check(void) {
    if (__builtin_expect(!account.limit, 1)) return;
    uint64_t most = pages.used + pages.kept + ((pages.leaving.end - pages.leaving.start) >> 12) + (ml_heap_committed() >> 12);
    if (account.private_pages > 0) most += (uint64_t)account.private_pages;
    bool watched = most > account.limit;
    if (watched == account.watched) return;
    account.watched = watched;
    uint32_t *word = (uint32_t *)(ML_ARENA + ML_MEMORY_WATCH);
    __atomic_store_n(word, watched, __ATOMIC_SEQ_CST);
    if (watched) ml_gate(NR_futex, (int64_t)word, 1 /* FUTEX_WAKE */, 1, 0, 0, 0);
}

void ml_account_private(int64_t count) {
    account.private_pages += count;
    account_check();
}
void ml_account_set_limit(uint64_t count) { account.limit = count; }

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

static uint64_t calls_of_ended;

uint64_t ml_calls_of_ended(void) { return calls_of_ended; }

void ml_slot_settle(uint32_t slot) {
    calls_of_ended += ml_block_of_slot(slot)->last_call_index;
    ml_block_of_slot(slot)->last_call_index = 0;
}

void ml_slot_free(uint32_t slot) {
    ml_slot_settle(slot);
    ml_block_of_slot(slot)->task = 0;
    ml_block_of_slot(slot)->host_tid = 0;
    slots.free[slots.count++] = slot;
}

uint32_t ml_slots_used(void) { return slots.next - slots.count; }
#endif
