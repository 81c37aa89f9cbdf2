import Foundation

/// The log odds of the high component, a parabola in the similarity s.
///
///     l(s) = log(w₁ N(s; m₁, v₁)) - log(w₀ N(s; m₀, v₀)) = a s² + b s + c,   a = (1/v₀ - 1/v₁) / 2
///
/// The posterior is 1 / (1 + exp(-l)). With different variances it is not monotone: for v₁ < v₀
/// (a < 0) it falls again above the vertex s* = -b / 2a, which lies above the high mean; for
/// v₁ > v₀ it rises again below the vertex, which lies below the low mean.
public struct MixtureLogOdds: Sendable, Hashable {
  private let quadratic: Double
  private let linear: Double
  private let constant: Double
  private let trusted: ClosedRange<Double>

  init(low: GaussianMixture.Component, high: GaussianMixture.Component) {
    guard low.variance > 0, high.variance > 0 else {
      (quadratic, linear, constant) = (0, 0, 0)
      trusted = -Double.infinity...Double.infinity
      return
    }
    quadratic = 0.5 * (1 / low.variance - 1 / high.variance)
    linear = high.mean / high.variance - low.mean / low.variance
    constant =
      log(high.weight / low.weight) + 0.5 * log(low.variance / high.variance)
      + 0.5 * (low.mean * low.mean / low.variance - high.mean * high.mean / high.variance)
    let vertex = -linear / (2 * quadratic)
    if quadratic == 0 || !vertex.isFinite {
      trusted = -Double.infinity...Double.infinity
    } else {
      trusted = quadratic < 0 ? -Double.infinity...vertex : vertex...Double.infinity
    }
  }

  /// l(s).
  @inline(__always)
  public func callAsFunction(_ similarity: Double) -> Double {
    (quadratic * similarity + linear) * similarity + constant
  }

  /// l at s, or at the vertex s* for an s beyond it: never falling in s.
  public func monotone(_ similarity: Double) -> Double {
    self(min(max(similarity, trusted.lowerBound), trusted.upperBound))
  }
}

extension GaussianMixture {
  /// The log odds of the high component as a function of the similarity.
  public var logOdds: MixtureLogOdds { MixtureLogOdds(low: low, high: high) }

  /// The posterior of the high component, p in the paper.
  ///
  /// NaN has posterior 0.
  public func posteriorSafe(_ similarity: Float) -> Double {
    similarity.isNaN ? 0 : logistic(logOdds(Double(similarity)))
  }

  /// The posterior of the high component for each similarity.
  public func posteriorsSafe(_ similarities: [Float]) -> [Double] {
    let logOdds = logOdds
    return similarities.map { $0.isNaN ? 0 : logistic(logOdds(Double($0))) }
  }

  /// The posterior made monotone in the similarity: its running maximum from the low mean upward
  /// and its running minimum from there downward, `1 / (1 + exp(-l(s)))` with s held at the vertex
  /// of l once it is past it.
  ///
  /// NaN has posterior 0.
  public func monotonePosteriorSafe(_ similarity: Float) -> Double {
    similarity.isNaN ? 0 : logistic(logOdds.monotone(Double(similarity)))
  }
}

/// 1 / (1 + exp(-x)), exact in both tails.
func logistic(_ x: Double) -> Double {
  let power = exp(-abs(x))
  return x >= 0 ? 1 / (1 + power) : power / (1 + power)
}
