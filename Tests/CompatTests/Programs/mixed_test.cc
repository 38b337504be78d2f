// A GoogleTest program with a case of every verdict, for the tests of the compatibility lab.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

TEST(Simple, Passes) { EXPECT_EQ(1 + 1, 2); }
TEST(Simple, Fails) { EXPECT_EQ(1 + 1, 3) << "arithmetic is broken"; }
TEST(Simple, Skips) { GTEST_SKIP() << "not on this machine"; }
// Leaves the cursor in the middle of a line, where the next marker then stands.
TEST(Simple, PrintsWithoutNewline) {
    printf("no newline here");
    fflush(stdout);
}
TEST(Simple, DISABLED_IsLeftOut) { FAIL() << "it was run"; }

class Numbers : public testing::TestWithParam<int> {};
TEST_P(Numbers, IsSmall) { EXPECT_LT(GetParam(), 3); }
INSTANTIATE_TEST_SUITE_P(Few, Numbers, testing::Values(1, 2, 3));

template <typename T> class Typed : public testing::Test {};
using Types = testing::Types<char, long>;
TYPED_TEST_SUITE(Typed, Types);
TYPED_TEST(Typed, HasASize) { EXPECT_GE(sizeof(TypeParam), 1u); }

// Only if the environment asks for it, so that one program serves several tests.
TEST(Wild, Crashes) {
    if (getenv("WILD")) raise(SIGSEGV);
}
TEST(Wild, EndsTheProgram) {
    if (getenv("WILD")) _exit(7);
}
TEST(Wild, Hangs) {
    if (getenv("WILD"))
        for (;;) pause();
}
// What a child process prints on its way out must not be taken for results.
TEST(Wild, ForksAndTheChildReturns) {
    if (fork() == 0) {
        printf("[       OK ] Wild.ForksAndTheChildReturns (0 ms)\n[ RUN      ] Wild.NotThere\n");
        fflush(stdout);
        _exit(0);
    }
    usleep(50000);
}
TEST(Wild, AfterTheOthers) { SUCCEED(); }
