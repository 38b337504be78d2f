#!/bin/bash
# g++: templates, exceptions, threads, streams, files; several standards.
# time: 120
# needs: g++
set -e
cat >main.cc <<'C'
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>
namespace fs = std::filesystem;
int main() {
    std::vector<int> v(100000); std::iota(v.begin(), v.end(), 1); std::cout << std::accumulate(v.begin(), v.end(), 0LL) << "\n";
    try { v.at(1000000) = 1; } catch (const std::out_of_range &) { std::cout << "caught\n"; }
    std::atomic<int> n{0}; std::vector<std::thread> t; for (int i = 0; i < 8; i++) t.emplace_back([&] { for (int k = 0; k < 10000; k++) n++; }); for (auto &x : t) x.join(); std::cout << n << "\n";
    auto f = std::async(std::launch::async, [] { throw std::runtime_error("from a thread"); return 1; }); try { f.get(); } catch (std::exception &e) { std::cout << e.what() << "\n"; }
    fs::create_directories("a/b/c"); std::ofstream("a/b/file") << "text " << 42; for (auto &e : fs::recursive_directory_iterator("a")) n++; std::cout << n << " " << fs::file_size("a/b/file") << "\n"; fs::remove_all("a");
    std::map<std::string, int> m; std::istringstream s("b a b c b"); for (std::string w; s >> w;) m[w]++; for (auto &[k, c] : m) std::cout << k << c << " "; std::cout << std::regex_replace(std::string("x1y22"), std::regex("[0-9]+"), "#") << "\n";
    std::mutex mu; std::condition_variable cv; bool ready = false; std::thread w([&] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); { std::lock_guard l(mu); ready = true; } cv.notify_one(); }); { std::unique_lock l(mu); std::cout << cv.wait_for(l, std::chrono::seconds(10), [&] { return ready; }) << "\n"; } w.join();
}
C
g++ -std=c++20 -pthread -o main main.cc; ./main
echo '#include <iostream>
int main() { try { throw 42; } catch (int x) { std::cout << "static " << x << "\\n"; } }' >s.cc; g++ -O2 -static -o static s.cc && ./static; echo 'template <int N> struct F { static constexpr long v = N * F<N - 1>::v; }; template <> struct F<0> { static constexpr long v = 1; }; static_assert(F<10>::v == 3628800);' | g++ -xc++ -fsyntax-only - && echo "templates"
