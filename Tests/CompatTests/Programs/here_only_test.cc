// Fails where SANDBOX is set, as a stand-in for a sandbox that does something wrong.
#include <gtest/gtest.h>
#include <stdlib.h>

TEST(Where, Everywhere) { SUCCEED(); }
TEST(Where, NotInTheSandbox) { EXPECT_EQ(getenv("SANDBOX"), nullptr); }
TEST(Where, Nowhere) { FAIL(); }
TEST(Where, SkippedInTheSandbox) {
    if (getenv("SANDBOX")) GTEST_SKIP();
}
TEST(Where, CrashesInTheSandbox) {
    if (getenv("SANDBOX")) abort();
}
