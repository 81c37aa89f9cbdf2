import Foundation

extension SeededGenerator {
  /// A standard normal number (Box and Muller, 1958, doi:10.1214/aoms/1177706645).
  package mutating func normal() -> Float {
    let radius = (-2 * Foundation.log(Double(1 - uniform()))).squareRoot()
    return Float(radius * Foundation.cos(2 * .pi * Double(uniform())))
  }

  /// `count` standard normal numbers.
  package mutating func normals(_ count: Int) -> [Float] { (0..<count).map { _ in normal() } }

  /// The numbers `0..<count` in random order.
  package mutating func permutation(_ count: Int) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    order.shuffle(using: &self)
    return order
  }
}
