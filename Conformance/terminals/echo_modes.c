// Echo: ECHO, ECHOE, ECHOK, ECHOCTL, ECHONL, and output processing.
#include "../common.h"
#include "../pty_helpers.h"

TEST {
    struct pty p = make_pty();
    type(p.master, "abc\n");
    show_output("echo", p.master, 5);
    show_input("line", p.slave, 1000);
    type(p.master, "ab\x7f" "c\n");
    show_output("erase", p.master, 8);
    show_input("line", p.slave, 1000);
    type(p.master, "ab\x15" "c\n");
    show_output("kill", p.master, 11);
    show_input("line", p.slave, 1000);
    type(p.master, "\x01\x1b\n");
    show_output("control characters", p.master, 6);
    show_input("line", p.slave, 1000);
    type(p.master, "\x01\x7f\n");
    show_output("erased control character", p.master, 10);
    show_input("line", p.slave, 1000);
    type(p.master, "a\tb\x7f\x7f\n");
    show_output("erased tab", p.master, 15);
    show_input("line", p.slave, 1000);
    type(p.master, "\x04");
    show_input("EOF has no echo", p.master, 30);
    show_input("line", p.slave, 1000);
    change_modes(p.slave, ECHOCTL, 0, 0, 0, 0, 0);
    type(p.master, "\x01\n");
    show_output("without ECHOCTL", p.master, 3);
    show_input("line", p.slave, 1000);
    change_modes(p.slave, ECHO, ECHONL, 0, 0, 0, 0);
    type(p.master, "hidden\n");
    show_output("ECHONL only", p.master, 2);
    show_input("line", p.slave, 1000);
    change_modes(p.slave, ECHONL, 0, 0, 0, 0, 0);
    type(p.master, "silent\n");
    show_input("no echo", p.master, 30);
    show_input("line", p.slave, 1000);
    T("output");
    write(p.slave, "one\ntwo\n", 8);
    show_output("ONLCR", p.master, 10);
    write(p.slave, "a\rb\tc", 5);
    show_output("others pass", p.master, 5);
    change_modes(p.slave, 0, 0, 0, 0, ONLCR, 0);
    write(p.slave, "one\n", 4);
    show_output("without ONLCR", p.master, 4);
    change_modes(p.slave, 0, 0, 0, 0, 0, OCRNL);
    write(p.slave, "a\rb", 3);
    show_output("OCRNL", p.master, 3);
    change_modes(p.slave, 0, 0, 0, 0, OCRNL, OLCUC);
    write(p.slave, "lower", 5);
    show_output("OLCUC", p.master, 5);
    change_modes(p.slave, 0, 0, 0, 0, OLCUC, XTABS);
    write(p.slave, "\rab\tc", 5);
    show_output("XTABS", p.master, 10);
    change_modes(p.slave, 0, 0, 0, 0, XTABS, ONLCR | ONLRET);
    write(p.slave, "x\n", 2);
    show_output("ONLCR and ONLRET", p.master, 3);
    change_modes(p.slave, 0, 0, 0, 0, OPOST, 0);
    write(p.slave, "raw\n\t", 5);
    show_output("without OPOST", p.master, 5);
}
