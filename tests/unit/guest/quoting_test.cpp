// SPDX-License-Identifier: Apache-2.0
// Arguments reach the guest's program byte by byte, whatever they look like to a shell.
#include "unit/guest/matchers.hpp"

namespace davit::test {
namespace {

class Quoting : public testing::Test {
 protected:
    // What the guest's printf(1) makes of the arguments, each ended by a NUL.
    std::string echoed(std::vector<std::string> words) {
        words.insert(words.begin(), {"/usr/bin/printf", "%s\\0"});
        return run(*session, words).output;
    }

    SshServer server;
    std::unique_ptr<host::GuestSession> session = connect(server);
};

TEST_F(Quoting, LeavesAwkwardWordsAsTheyAre) {
    const std::vector<std::string> words{
        "",      " ",   "a  b",   "'",          "''",       "\"",       "$HOME",    "`id`",
        "$(id)", "\\",  "\\\\",   "\\n",        "a\nb",     "\n",       "b\n\n",    "\t",
        "*",     "?",   "[a-z]",  "{a,b}",      "~",        "~root",    "!",        "!!",
        "#",     "&",   "&&",     "|",          ";",        ">x",       "<x",       "(",
        ")",     "=",   "A=b",    "-n",         "--",       "%s",       "%",        "\\0101",
        "\\c",   "é",   "日本語", "\U0001F680", "\xff\xfe", "\x01\x02", "\r\n",     "'\\''",
        "$'a'",  "a\\", "'a\"b`", "\x7f",       "\x1b[0m",  "^a^b",     "a!b'c\\'", "${IFS}"};
    std::string expected;
    for (const auto &word : words) expected += word + '\0';
    EXPECT_EQ(echoed(words), expected);
}

TEST_F(Quoting, LeavesEveryByteAsItIs) {
    std::string word;
    for (int byte = 1; byte < 256; ++byte) word += static_cast<char>(byte);
    EXPECT_EQ(echoed({word, word + word}), word + '\0' + word + word + '\0');
}

TEST_F(Quoting, LeavesTheProgramsNameAsItIs) {
    const auto program = server.folder() / "a 'strange' $name";
    std::filesystem::copy_file("/bin/echo", program);
    EXPECT_EQ(run(*session, {program, "hello"}).output, "hello\n");
}

TEST_F(Quoting, DoesNotTakeAProgramForAnOptionOrAnAssignment) {
    EXPECT_EQ(run(*session, {"-a", "x"}).status, 127);
    EXPECT_EQ(run(*session, {"A=b"}).status, 127);
}

TEST_F(Quoting, RefusesWhatNoCommandLineCanCarry) {
    EXPECT_EQ(error_id([&] { run(*session, {"echo", std::string{"a\0b", 3}}); }), "bad-command");
    const host::Cancel never;
    EXPECT_EQ(error_id([&] {
                  session->run({{"env"}, "", {{"A B", "c"}}}, "", patience(), never);
              }),
              "bad-command");
}

}  // namespace
}  // namespace davit::test
