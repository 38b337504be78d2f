// Access control lists as text: "u::rw- u:501:r-- g::r-- m::rw- o::---", as getfacl(1) shows them, and as the attributes of acl(5).
#ifndef ACL_HELPERS_H
#define ACL_HELPERS_H
#include <sys/xattr.h>

#define ACCESS_LIST "system.posix_acl_access"
#define DEFAULT_LIST "system.posix_acl_default"

struct acl_value { uint32_t version; struct { uint16_t tag, bits; uint32_t id; } entry[32]; };

/// Makes the value of a text, and returns its length.
CONF_FN size_t acl_parse(const char *text, struct acl_value *value) {
    int count = 0;
    value->version = 2;
    for (const char *at = text; *at; count++) {
        int named = at[2] != ':', tag;
        switch (*at) {
        case 'u': tag = named ? 2 : 1; break;
        case 'g': tag = named ? 8 : 4; break;
        case 'm': tag = 0x10; break;
        default: tag = 0x20;
        }
        char *end;
        unsigned long id = named ? strtoul(at + 2, &end, 10) : 0xffffffff;
        const char *bits = named ? end + 1 : at + 3;
        value->entry[count].tag = (uint16_t)tag;
        value->entry[count].id = (uint32_t)id;
        value->entry[count].bits = (uint16_t)((bits[0] == 'r') << 2 | (bits[1] == 'w') << 1 | (bits[2] == 'x'));
        for (at = bits + 3; *at == ' '; at++) {}
    }
    return 4 + 8 * (size_t)count;
}

CONF_FN int acl_set(const char *path, const char *name, const char *text) {
    struct acl_value value;
    return setxattr(path, name, &value, acl_parse(text, &value), 0);
}

/// Prints mode and both lists.
CONF_FN void acl_show(const char *path) {
    struct stat status;
    if (lstat(path, &status) < 0) { T("%s: %s", path, errno_name(errno)); return; }
    printf("%s %06o", path, status.st_mode);
    for (int which = 0; which < 2; which++) {
        struct acl_value value;
        long length = lgetxattr(path, which ? DEFAULT_LIST : ACCESS_LIST, &value, sizeof value);
        if (length < 0) {
            if (errno != ENODATA) printf(" %s", errno_name(errno));
            continue;
        }
        printf(which ? " | default" : " | access");
        if (value.version != 2 || (length - 4) % 8) printf(" strange");
        for (long i = 0; i < (length - 4) / 8; i++) {
            int tag = value.entry[i].tag, bits = value.entry[i].bits;
            printf(" %c:", tag <= 2 ? 'u' : tag <= 8 ? 'g' : tag == 0x10 ? 'm' : 'o');
            if (tag == 2 || tag == 8) printf("%u", value.entry[i].id);
            printf(":%c%c%c", bits & 4 ? 'r' : '-', bits & 2 ? 'w' : '-', bits & 1 ? 'x' : '-');
        }
    }
    printf("\n");
}

/// Ends the program where the file system has no access control lists.
#define NEED_ACLS()                                                                                                        \
    do {                                                                                                                   \
        make_file("probe", "");                                                                                            \
        if (acl_set("probe", ACCESS_LIST, "u::rw- u:1:r-- g::r-- m::r-- o::r--") < 0 && (errno == EOPNOTSUPP || errno == ENOSYS)) \
            SKIP("no access control lists here");                                                                          \
        unlink("probe");                                                                                                   \
    } while (0)
#endif
