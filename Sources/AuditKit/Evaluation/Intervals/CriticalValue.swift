/// Critical values of distributions that are symmetric about 0.
enum CriticalValue {
  /// The t > 0 for which a value lies in -t...t with probability `level`, by doubling and
  /// bisection.
  ///
  /// `coverage(t)` is that probability, rising from 0 to 1; `level` lies between 0 and 1.
  static func holding(_ level: Double, coverage: (Double) -> Double) -> Double {
    precondition(level > 0 && level < 1, "a level lies between 0 and 1, not at \(level)")
    var (low, high) = (0.0, 1.0)
    while coverage(high) < level, high < 1e300 { (low, high) = (high, 2 * high) }
    // 60 halvings leave less than the last bit.
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if coverage(middle) < level { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
