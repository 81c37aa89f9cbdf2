import NeuralKit

/// The words that address randomness (`SeededGenerator.init(seed:_:)`): one for each purpose, so that
/// no two draw the same numbers.
package enum Purpose: UInt64, Sendable {
  case order = 1
  case imageView
  case captionView
  case pool
  case alignmentOrder
  case bootstrap
  case vocabulary
  case statistics
  case watch
  case matching
  case neighbours
  case patternedView

  /// The generator for this purpose at the given place.
  package func generator(seed: UInt64, _ first: Int = 0, _ second: Int = 0, _ third: Int = 0)
    -> SeededGenerator
  {
    SeededGenerator(
      seed: seed, rawValue, UInt64(first), UInt64(second), UInt64(third))
  }
}
