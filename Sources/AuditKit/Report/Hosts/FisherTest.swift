/// Fisher's exact test of two shares: whether a group has marked elements as often as all others.
package enum FisherTest {
  /// Terms that are equal but for rounding count as equal, as in R's `fisher.test`.
  private static let tolerance = 1 + 1e-7

  /// The two-sided p-value: how probable it is that a group of `size`, drawn from all without regard to the marks, has
  /// a number of marked elements that is no more probable than `marked`.
  ///
  /// Of N elements K are marked; a group of n has k of them with the hypergeometric probability
  /// P(k) = C(K, k) C(N - K, n - k) / C(N, n), and p is the sum of all P(j) ≤ P(k) (R. A. Fisher, The Logic of
  /// Inductive Inference, 1935; the two-sided form is Freeman and Halton's, 1951). 0 where no double is that small.
  /// - Parameters:
  ///   - marked: k.
  ///   - size: n.
  ///   - allMarked: K.
  ///   - count: N.
  /// - Returns: p, in 0...1.
  /// - Complexity: O(√n) for most, O(n) at worst.
  package static func pValue(
    marked: Int, of size: Int, among allMarked: Int, of count: Int
  ) -> Double {
    let draw = Draw(size: size, marked: allMarked, count: count)
    let mode = draw.mode
    var observed = 1.0
    for place in stride(from: mode, to: marked, by: 1) { observed *= draw.ratioAbove(place) }
    for place in stride(from: mode, to: marked, by: -1) { observed *= draw.ratioBelow(place) }
    guard observed > 0 else { return 0 }

    var (total, rare) = (0.0, 0.0)
    func add(_ weight: Double) {
      total += weight
      if weight <= observed * tolerance { rare += weight }
    }
    var weight = 1.0
    var place = mode
    while weight > 0 {
      add(weight)
      guard place < draw.possible.upperBound else { break }
      weight *= draw.ratioAbove(place)
      place += 1
    }
    (weight, place) = (1, mode)
    while place > draw.possible.lowerBound {
      weight *= draw.ratioBelow(place)
      guard weight > 0 else { break }
      add(weight)
      place -= 1
    }
    return min(1, rare / total)
  }

  /// The hypergeometric distribution, as ratios of neighbouring terms, which never overflow.
  private struct Draw {
    let size: Int
    let marked: Int
    let count: Int

    /// Numbers of marked elements that a group can have.
    var possible: ClosedRange<Int> { max(0, size + marked - count)...min(size, marked) }

    /// The most probable one.
    var mode: Int {
      let peak = Double(size + 1) * Double(marked + 1) / Double(count + 2)
      return min(max(possible.lowerBound, Int(peak)), possible.upperBound)
    }

    /// P(k + 1) / P(k).
    func ratioAbove(_ k: Int) -> Double {
      Double(marked - k) * Double(size - k)
        / (Double(k + 1) * Double(count - marked - size + k + 1))
    }

    /// P(k - 1) / P(k).
    func ratioBelow(_ k: Int) -> Double {
      Double(k) * Double(count - marked - size + k)
        / (Double(marked - k + 1) * Double(size - k + 1))
    }
  }
}
