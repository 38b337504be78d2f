/// The times of one case under one runner, in nanoseconds.
///
/// Noise only ever adds time, so the *minimum* is what is compared; median and maximum say how much noise there was.
public struct Sample: Equatable, Sendable {
    public var minimum: Double
    public var median: Double
    public var maximum: Double

    public init(minimum: Double, median: Double, maximum: Double) {
        self.minimum = minimum
        self.median = median
        self.maximum = maximum
    }

    /// Of single measurements. - Returns: nil if there are none.
    public init?(_ values: [Double]) {
        guard let middle = Self.median(values), let low = values.min(), let high = values.max() else { return nil }
        self.init(minimum: low, median: middle, maximum: high)
    }

    /// Several rounds as one: the least minimum, the median of the medians, the greatest maximum.
    /// - Returns: nil if there are none.
    public init?(merging rounds: [Sample]) {
        guard let low = rounds.map(\.minimum).min(), let high = rounds.map(\.maximum).max(),
            let middle = Self.median(rounds.map(\.median))
        else { return nil }
        self.init(minimum: low, median: middle, maximum: high)
    }

    /// How far the median lies above the minimum, as a part of the minimum.
    public var spread: Double { minimum > 0 ? median / minimum - 1 : 0 }

    /// The middle value, or the mean of the two middle ones; nil if there are none.
    public static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// Numbers as text, without Foundation.
public enum Figure {
    /// With a fixed number of decimals (0 to 9), rounded; "-" if it is not a number or too great for one.
    public static func fixed(_ value: Double, _ decimals: Int) -> String {
        var scale: Int64 = 1
        for _ in 0..<min(max(decimals, 0), 9) { scale *= 10 }
        let scaled = (value * Double(scale)).rounded()
        guard scaled.isFinite, abs(scaled) < 9e18 else { return "-" }
        let units = Int64(scaled)
        let sign = units < 0 ? "-" : ""
        let whole = units.magnitude / scale.magnitude
        guard scale > 1 else { return "\(sign)\(whole)" }
        let rest = String(units.magnitude % scale.magnitude)
        return "\(sign)\(whole).\(String(repeating: "0", count: decimals - rest.utf8.count))\(rest)"
    }

    /// A time with its unit, in about three digits: `28.6 ns`, `158 us`, `1.24 s`.
    public static func time(nanoseconds: Double) -> String {
        for (unit, size) in [("ns", 1.0), ("us", 1e3), ("ms", 1e6)] where nanoseconds < size * 999.5 {
            return digits(nanoseconds / size) + " " + unit
        }
        return digits(nanoseconds / 1e9) + " s"
    }

    /// A figure of a case.
    static func value(_ value: Double, _ unit: BenchCase.Unit) -> String {
        switch unit {
        case .nanoseconds: value == 0 ? "0" : time(nanoseconds: value)
        case .bytes: digits(value / 1_048_576) + " MiB"
        case .count: fixed(value, 0)
        }
    }

    /// A ratio in about three digits: `0.27`, `1.15`, `24.1`, `310`.
    public static func ratio(_ value: Double) -> String { value < 9.995 ? fixed(value, 2) : digits(value) }

    private static func digits(_ value: Double) -> String { fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0) }
}
