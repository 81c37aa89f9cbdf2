/// xoshiro256** (Blackman and Vigna, 2021, doi:10.1145/3460772), seeded through splitmix64.
///
/// Randomness is addressed, not consumed: a generator for "augmentation of pair 17 in epoch 3" is
/// made from the seed and those words (`init(seed:_:)`), so results do not depend on the order in
/// which threads work, and a resumed run needs no saved generator.
package struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// A generator for one purpose: `stream` says which, every word counts.
  package init(seed: UInt64, _ stream: UInt64...) {
    var mixed = SplitMix(state: seed)
    var key = mixed.next()
    for word in stream {
      mixed = SplitMix(state: key ^ (word &* 0x9E37_79B9_7F4A_7C15))
      key = mixed.next()
    }
    mixed = SplitMix(state: key)
    state = (mixed.next(), mixed.next(), mixed.next(), mixed.next())
  }

  package mutating func next() -> UInt64 {
    func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
      (value << bits) | (value >> (64 - bits))
    }
    let result = rotate(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, 45)
    return result
  }

  package static func == (left: Self, right: Self) -> Bool { left.state == right.state }
}

extension SeededGenerator {
  /// Uniform in `0..<1`, with 24 random bits.
  package mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Uniform in the half-open range.
  package mutating func uniform(in range: Range<Float>) -> Float {
    range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
  }

  /// Uniform in `0..<bound`, without bias (Lemire, 2019, doi:10.1145/3230636).
  package mutating func index(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// True with the given probability.
  package mutating func flip(_ probability: Float) -> Bool { uniform() < probability }
}

private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
