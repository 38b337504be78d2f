// A case that fails leaves something behind, over which the next one trips.
#include <gtest/gtest.h>

static int left;

TEST(Leaves, Something) {
    left = 1;
    FAIL();
}
TEST(Trips, OverIt) { EXPECT_EQ(left, 0); }
TEST(Trips, Anyway) { FAIL() << "by itself"; }
TEST(Trips, Never) { SUCCEED(); }
