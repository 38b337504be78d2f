// Crashes only when a case before it has run: alone, each does well.
#include <gtest/gtest.h>
#include <signal.h>

static bool prepared;
TEST(Order, First) { prepared = true; }
TEST(Order, Second) {
    if (prepared) raise(SIGABRT);
}
TEST(Order, Third) { SUCCEED(); }
