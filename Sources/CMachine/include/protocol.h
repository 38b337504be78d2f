/// Which protocol the image speaks with the monitor, and the note in its ELF file that says so.
/// MonitorProtocol has the same numbers (Version.swift); a house test compares them.
#ifndef ML_PROTOCOL_H
#define ML_PROTOCOL_H

#define ML_PROTOCOL_VERSION 1
#define ML_PROTOCOL_LAYOUT  0xb9147d0d67b1707d

#define ML_PROTOCOL_NOTE                                                                                        \
    const struct {                                                                                              \
        unsigned owner_size, size, type;                                                                        \
        char owner[8];                                                                                          \
        unsigned version, zero;                                                                                 \
        unsigned layout[2];                                                                                     \
    } ml_protocol_note __attribute__((section(".note.martlet"), used, aligned(4))) =                           \
        { 8, 16, 1, "Martlet", ML_PROTOCOL_VERSION, 0, { (unsigned)ML_PROTOCOL_LAYOUT, (unsigned)(ML_PROTOCOL_LAYOUT >> 32) } }

#endif
