import Foundation
import NeuralKit

extension SeededGenerator {
  /// A Poisson number with the given mean.
  ///
  /// Small means by multiplying uniforms (Knuth, 1969), large ones by transformed rejection
  /// (Hörmann, 1993, algorithm PTRS, doi:10.1016/0167-6687(93)90997-4).
  package mutating func poisson(_ mean: Double) -> Int {
    guard mean > 0 else { return 0 }
    return mean < 10 ? smallPoisson(mean) : largePoisson(mean)
  }

  /// Uniform in `0..<1`, with 53 random bits.
  private mutating func fineUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  private mutating func smallPoisson(_ mean: Double) -> Int {
    let limit = exp(-mean)
    var product = fineUniform()
    var count = 0
    while product > limit {
      product *= fineUniform()
      count += 1
    }
    return count
  }

  private mutating func largePoisson(_ mean: Double) -> Int {
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let acceptance = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = fineUniform() - 0.5
      let v = fineUniform()
      let us = 0.5 - abs(u)
      let count = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
      if us >= 0.07 && v <= acceptance { return Int(count) }
      guard count >= 0, us >= 0.013 || v <= us else { continue }
      let logAcceptance = log(v) + log(inverseAlpha) - log(a / (us * us) + b)
      if logAcceptance <= count * log(mean) - mean - lgamma(count + 1) { return Int(count) }
    }
  }
}
