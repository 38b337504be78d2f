import Testing

@testable import Bench

struct StatisticsTests {
    @Test(arguments: [([], nil), ([3], 3), ([3, 1], 2), ([9, 1, 2], 2), ([4, 1, 3, 2], 2.5)] as [([Double], Double?)])
    func medians(_ values: [Double], _ median: Double?) { #expect(Sample.median(values) == median) }

    @Test func samples() {
        #expect(Sample([]) == nil)
        #expect(Sample([5, 2, 4]) == Sample(minimum: 2, median: 4, maximum: 5))
        #expect(Sample([5, 2, 4])?.spread == 1)
        #expect(Sample([0])?.spread == 0)
    }

    @Test func roundsTogether() {
        let rounds = [
            Sample(minimum: 10, median: 12, maximum: 90), Sample(minimum: 8, median: 20, maximum: 21), Sample(minimum: 11, median: 13, maximum: 14),
        ]
        #expect(Sample(merging: rounds) == Sample(minimum: 8, median: 13, maximum: 90))
        #expect(Sample(merging: []) == nil)
    }

    @Test(arguments: [
        (0, 2, "0.00"), (1.005, 1, "1.0"), (0.25, 2, "0.25"), (12.999, 2, "13.00"), (-0.5, 1, "-0.5"), (7, 0, "7"), (1.5, 0, "2"), (3.04, 2, "3.04"),
        (.nan, 2, "-"), (.infinity, 0, "-"), (1e300, 2, "-"),
    ] as [(Double, Int, String)])
    func fixedNumbers(_ value: Double, _ decimals: Int, _ text: String) { #expect(Figure.fixed(value, decimals) == text) }

    @Test(arguments: [
        (2.7, "2.70 ns"), (28.64, "28.6 ns"), (999, "999 ns"), (999.6, "1.00 us"), (158_225, "158 us"), (12e6, "12.0 ms"), (1.24e9, "1.24 s"),
        (300e9, "300 s"), (9.996, "10.0 ns"),
    ] as [(Double, String)])
    func times(_ nanoseconds: Double, _ text: String) { #expect(Figure.time(nanoseconds: nanoseconds) == text) }

    @Test(arguments: [(0.274, "0.27"), (1.1, "1.10"), (9.99, "9.99"), (24.14, "24.1"), (310.4, "310")] as [(Double, String)])
    func ratios(_ value: Double, _ text: String) { #expect(Figure.ratio(value) == text) }
}
