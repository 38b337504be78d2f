// Small ELF files, right and wrong in every way: what execve says, or how the program ends.
#define CONF_AS_USER // who may not map page 0
#include "../tasks.h"
#include <elf.h>

static struct {
    Elf64_Ehdr header;
    Elf64_Phdr load, second, third;
    unsigned char code[3 * 4096];
} file;
static size_t size;

// A static program at 4 MiB that ends with status 42.
static void plain(void) {
    static const unsigned char code[] = {0xb8, 60, 0, 0, 0, 0xbf, 42, 0, 0, 0, 0x0f, 0x05}; // mov $60,%eax; mov $42,%edi; syscall
    memset(&file, 0, sizeof file);
    memcpy(file.header.e_ident, ELFMAG, 4);
    file.header.e_ident[EI_CLASS] = ELFCLASS64;
    file.header.e_ident[EI_DATA] = ELFDATA2LSB;
    file.header.e_ident[EI_VERSION] = EV_CURRENT;
    file.header.e_type = ET_EXEC;
    file.header.e_machine = EM_X86_64;
    file.header.e_version = EV_CURRENT;
    file.header.e_entry = 0x400000 + offsetof(typeof(file), code);
    file.header.e_phoff = offsetof(typeof(file), load);
    file.header.e_ehsize = sizeof file.header;
    file.header.e_phentsize = sizeof file.load;
    file.header.e_phnum = 1;
    memcpy(file.code, code, sizeof code);
    size = offsetof(typeof(file), code) + 64;
    file.load = (Elf64_Phdr){PT_LOAD, PF_R | PF_X, 0, 0x400000, 0x400000, size, size, 4096};
}
static void run(const char *label) {
    int fd = (int)MUST(open("program", O_WRONLY | O_CREAT | O_TRUNC, 0755));
    MUST(write(fd, &file, size));
    close(fd);
    fflush(stdout);
    pid_t pid = fork_child();
    if (pid == 0) {
        execl("./program", "program", NULL);
        T("%s: %s", label, errno_name(errno));
        child_exit(99);
    }
    int status;
    waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 99) T("%s: %s", label, status_name(status));
    unlink("program");
    plain();
}
#define VARIANT(label, ...) do { __VA_ARGS__; run(label); } while (0)

TEST {
    plain();
    run("plain");
    VARIANT("magic", file.header.e_ident[1] = 'e');
    VARIANT("class 32", file.header.e_ident[EI_CLASS] = ELFCLASS32);
    VARIANT("class 9", file.header.e_ident[EI_CLASS] = 9);
    VARIANT("big endian", file.header.e_ident[EI_DATA] = ELFDATA2MSB);
    VARIANT("ident version 0", file.header.e_ident[EI_VERSION] = 0);
    VARIANT("version 0", file.header.e_version = 0);
    VARIANT("other OS ABI", file.header.e_ident[EI_OSABI] = 99);
    VARIANT("machine ARM", file.header.e_machine = EM_AARCH64);
    VARIANT("machine 0", file.header.e_machine = 0);
    VARIANT("type REL", file.header.e_type = ET_REL);
    VARIANT("type CORE", file.header.e_type = ET_CORE);
    VARIANT("type 0", file.header.e_type = 0);
    VARIANT("ehsize 0", file.header.e_ehsize = 0);
    VARIANT("phentsize 55", file.header.e_phentsize = 55);
    VARIANT("phentsize 64", file.header.e_phentsize = 64);
    VARIANT("phnum 0", file.header.e_phnum = 0);
    VARIANT("phnum 65535", file.header.e_phnum = 65535);
    VARIANT("phnum 1200", file.header.e_phnum = 1200);
    VARIANT("phoff beyond the end", file.header.e_phoff = 1 << 20);
    VARIANT("phoff negative", file.header.e_phoff = -4096ULL);
    VARIANT("phoff odd", memmove((char *)&file.load + 3, &file.load, sizeof file.load), file.header.e_phoff += 3);
    VARIANT("no PT_LOAD", file.load.p_type = PT_NOTE);
    VARIANT("cut in the header", size = 40);
    VARIANT("cut after the header", size = sizeof file.header);
    VARIANT("cut in the program headers", size = sizeof file.header + 20);
    VARIANT("cut in the segment", size = offsetof(typeof(file), code));
    VARIANT("entry 0", file.header.e_entry = 0);
    VARIANT("entry not mapped", file.header.e_entry = 0x500000);
    VARIANT("entry in the kernel's half", file.header.e_entry = 0xffffffff81000000);
    VARIANT("not executable memory", file.load.p_flags = PF_R);
    VARIANT("writable and executable", file.load.p_flags = PF_R | PF_W | PF_X);
    VARIANT("no flags at all", file.load.p_flags = 0);
    VARIANT("filesz > memsz", file.load.p_memsz = 10);
    VARIANT("filesz > memsz, across pages", file.load.p_filesz = 3 * 4096, file.load.p_memsz = 4096, size = sizeof file);
    VARIANT("filesz 0", file.load.p_filesz = 0);
    VARIANT("filesz and memsz 0", file.load.p_filesz = file.load.p_memsz = 0);
    VARIANT("memsz larger", file.load.p_flags = PF_R | PF_W | PF_X, file.load.p_memsz = 1 << 20);
    VARIANT("memsz larger, read-only", file.load.p_memsz = 1 << 20);
    VARIANT("memsz huge", file.load.p_memsz = 1ULL << 47);
    VARIANT("memsz overflows", file.load.p_memsz = -1ULL);
    VARIANT("filesz huge", file.load.p_filesz = file.load.p_memsz = 1ULL << 46);
    VARIANT("filesz overflows", file.load.p_filesz = file.load.p_memsz = -4096ULL);
    VARIANT("filesz beyond the end", file.load.p_filesz = file.load.p_memsz = 3 * 4096, size = 4096);
    VARIANT("address not congruent to offset", file.load.p_vaddr += 16);
    VARIANT("offset not mapped so", file.load.p_offset = 16, file.load.p_vaddr += 16, file.load.p_filesz -= 16, file.load.p_memsz -= 16);
    VARIANT("offset beyond the end", file.load.p_offset = 1 << 20);
    VARIANT("offset huge", file.load.p_offset = 1ULL << 62);
    VARIANT("address 0", file.load.p_vaddr = 0, file.header.e_entry = offsetof(typeof(file), code));
    VARIANT("address in the kernel's half", file.load.p_vaddr = 0xffffffff81000000);
    VARIANT("address at the end of user space", file.load.p_vaddr = 0x7fffffffe000);
    VARIANT("address not canonical", file.load.p_vaddr = 0x1234567812340000);
    VARIANT("alignment 3", file.load.p_align = 3);
    VARIANT("alignment 0", file.load.p_align = 0);
    VARIANT("alignment huge", file.load.p_align = 1ULL << 40);

    // Two segments.
#define TWO(...) file.header.e_phnum = 2, file.second = (Elf64_Phdr){__VA_ARGS__}
    VARIANT("bss segment", TWO(PT_LOAD, PF_R | PF_W, 0, 0x500000, 0, 0, 8192, 4096));
    VARIANT("overlapping", TWO(PT_LOAD, PF_R, 0, 0x400000, 0, 100, 100, 4096));
    VARIANT("overlapping with code", TWO(PT_LOAD, PF_R | PF_X, 0, 0x400000, 0, size, size, 4096));
    VARIANT("in the wrong order", TWO(PT_LOAD, PF_R, 0, 0x300000, 0, 100, 100, 4096));
    VARIANT("far apart", TWO(PT_LOAD, PF_R, 0, 0x600000000000, 0, 100, 100, 4096));
    VARIANT("second bad", TWO(PT_LOAD, PF_R, 0, 0xffff800000000000, 0, 100, 100, 4096));
    VARIANT("unknown type", TWO(0x12345678, PF_R, 0, 0, 0, 100, 100, 4096));
    VARIANT("executable stack wanted", TWO(PT_GNU_STACK, PF_R | PF_W | PF_X, 0, 0, 0, 0, 0, 16));
    VARIANT("odd GNU_PROPERTY", TWO(PT_GNU_PROPERTY, PF_R, 3, 0, 0, 1 << 20, 100, 8));

    // Position independent.
    VARIANT("type DYN", file.header.e_type = ET_DYN);
    VARIANT("type DYN at 0", file.header.e_type = ET_DYN, file.load.p_vaddr = 0, file.header.e_entry -= 0x400000);
    VARIANT("type DYN, aligned to 2 MiB", file.header.e_type = ET_DYN, file.load.p_vaddr = 0, file.header.e_entry -= 0x400000, file.load.p_align = 2 << 20);
    VARIANT("type DYN, huge", file.header.e_type = ET_DYN, file.load.p_vaddr = 0, file.header.e_entry -= 0x400000, file.load.p_memsz = 1ULL << 46);

    // Interpreters.
#define INTERPRETER(path, length) \
    file.header.e_phnum = 2, strcpy((char *)file.code + 1000, path), size = offsetof(typeof(file), code) + 1300, file.load.p_filesz = file.load.p_memsz = size, \
    file.second = (Elf64_Phdr){PT_INTERP, PF_R, offsetof(typeof(file), code) + 1000, 0, 0, (length), (length), 1}
    VARIANT("interpreter missing", INTERPRETER("/nonexistent", 13));
    VARIANT("interpreter not terminated", INTERPRETER("/bin/true", 9));
    VARIANT("interpreter empty", INTERPRETER("", 1));
    VARIANT("interpreter empty twice", INTERPRETER("\0", 2));
    VARIANT("interpreter of size 0", INTERPRETER("/bin/true", 0));
    VARIANT("interpreter of size 1 with a letter", INTERPRETER("/bin/true", 1));
    VARIANT("interpreter's name too long", INTERPRETER("/bin/true", 5000));
    VARIANT("interpreter's name beyond the end", INTERPRETER("/bin/true", 4000));
    VARIANT("interpreter's name at a wild offset", INTERPRETER("/bin/true", 10), file.second.p_offset = 1ULL << 40);
    VARIANT("interpreter is a directory", INTERPRETER("/tmp", 5));
    VARIANT("interpreter is no ELF file", INTERPRETER("/proc/self/cmdline", 19));
    VARIANT("interpreter is the program", INTERPRETER("./program", 10));
    VARIANT("two interpreters", INTERPRETER("/nonexistent", 13), file.header.e_phnum = 3, file.third = file.second);
    make_file("text-interpreter", "this is no program, but long enough to hold a header: ..................................");
    MUST(chmod("text-interpreter", 0755));
    VARIANT("interpreter is text", INTERPRETER("./text-interpreter", 19));
    MUST(chmod("text-interpreter", 0644));
    VARIANT("interpreter not executable", INTERPRETER("./text-interpreter", 19));
    // A good one, of the same make at another address: it is entered, with status 43.
    plain();
    file.load.p_vaddr = 0x600000;
    file.header.e_entry += 0x200000;
    file.code[6] = 43;
    int fd = (int)MUST(open("interpreter", O_WRONLY | O_CREAT, 0755));
    MUST(write(fd, &file, size));
    close(fd);
    plain();
    VARIANT("interpreter runs", INTERPRETER("./interpreter", 14));
    VARIANT("interpreter in the way of the program", INTERPRETER("./interpreter", 14), file.load.p_vaddr = 0x600000, file.header.e_entry += 0x200000);
}
