// A program file that is written anew, in place, after it has run: the next run is of what it holds then.
#include "../common.h"
#include <elf.h>
#include <sys/wait.h>

// Makes getppid 20 times, then ends with `status`. `shift` no-operations come first, so that code of one does not fit another.
static void write_program(const char *path, int shift, unsigned char status) {
    unsigned char image[4096 * 2] = {0};
    Elf64_Ehdr *header = (Elf64_Ehdr *)image;
    memcpy(header->e_ident, "\177ELF\2\1\1", 7);
    header->e_type = ET_EXEC;
    header->e_machine = EM_X86_64;
    header->e_version = 1;
    header->e_entry = 0x401000;
    header->e_phoff = sizeof *header;
    header->e_ehsize = sizeof *header;
    header->e_phentsize = sizeof(Elf64_Phdr);
    header->e_phnum = 1;
    Elf64_Phdr *segment = (Elf64_Phdr *)(header + 1);
    *segment = (Elf64_Phdr){.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = 0x400000, .p_filesz = sizeof image, .p_memsz = sizeof image, .p_align = 4096};
    unsigned char *code = image + 4096;
    memset(code, 0x90, (size_t)shift);
    code += shift;
    const unsigned char body[] = {
        0xbb, 20, 0, 0, 0,        // mov $20, %ebx
        0xb8, 110, 0, 0, 0,       // mov $110, %eax
        0x0f, 0x05,               // syscall
        0xff, 0xcb,               // dec %ebx
        0x75, 0xf5,               // jnz to the mov
        0xbf, status, 0, 0, 0,    // mov $status, %edi
        0xb8, 60, 0, 0, 0,        // mov $60, %eax
        0x0f, 0x05,
    };
    memcpy(code, body, sizeof body);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    CHECK(fd >= 0 && write(fd, image, sizeof image) == sizeof image);
    close(fd);
}

static int run(const char *path) {
    pid_t child = fork();
    if (child == 0) {
        execl(path, path, (char *)NULL);
        _exit(99);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    return status;
}

TEST {
    for (int round = 0; round < 6; round++) {
        write_program("program", round * 7 % 5, (unsigned char)(10 + round));
        for (int i = 0; i < 3; i++) printf("%d: %#x\n", round, run("./program"));
    }
}
