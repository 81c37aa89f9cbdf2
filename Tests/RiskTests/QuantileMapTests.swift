import AuditRisk
import NeuralKit
import Testing

@Suite struct QuantileMapTests {
  private static func sample(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in scale * generator.uniform() }
  }

  @Test("a sample mapped to itself stays where it is, up to the next of its values")
  func identity() {
    let values = Self.sample(101, seed: 1).sorted()
    let map = QuantileMap(from: values, to: values)
    for (index, value) in values.enumerated() {
      let neighbours = values[max(0, index - 1)]...values[min(100, index + 1)]
      #expect(neighbours.contains(map(value)))
    }
  }

  @Test("no value is mapped onto one of the target's", arguments: [20, 57, 380, 1_900])
  func betweenTheTarget(count: Int) {
    let source = Self.sample(20, seed: 9)
    let target = Self.sample(count, seed: 10)
    let map = QuantileMap(from: source, to: target)
    #expect(Set(source.map { map($0) }).isDisjoint(with: target))
  }

  @Test("values move to the same place in the other sample, whatever its scale and size")
  func places() {
    let source = Self.sample(400, seed: 2)
    let target = Self.sample(8_000, seed: 3, scale: 3).map { $0 - 1 }
    let map = QuantileMap(from: source, to: target)
    for value in source {
      let before = Double(source.count { $0 < value }) / Double(source.count)
      let after = Double(target.count { $0 < map(value) }) / Double(target.count)
      #expect(abs(after - before) <= 1 / 400.0)
    }
  }

  @Test("the map never turns an order round, and keeps within the target")
  func monotone() {
    let source = Self.sample(57, seed: 4)
    let target = Self.sample(31, seed: 5)
    let map = QuantileMap(from: source, to: target)
    let mapped = Self.sample(500, seed: 6, scale: 2).map { $0 - 0.5 }.sorted().map { map($0) }
    #expect(zip(mapped, mapped.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(mapped.allSatisfy { (target.min() ?? 2)...(target.max() ?? -2) ~= $0 })
  }

  @Test("different values of the source get different places among enough others")
  func noTies() {
    let source = Self.sample(100, seed: 7)
    let map = QuantileMap(from: source, to: Self.sample(1_000, seed: 8))
    #expect(Set(source.map { map($0) }).count == Set(source).count)
  }

  @Test("equal values share the middle of their places")
  func ties() {
    let map = QuantileMap(from: [0, 1, 1, 1, 2], to: [10, 20, 30, 40, 50])
    #expect([0, 1, 2].map { map($0) } == [12.5, 32.5, 47.5])
  }

  @Test("NaN counts nowhere, and without a sample nothing moves")
  func degenerate() {
    let map = QuantileMap(from: [0, .nan, 1], to: [.nan, 4, 6])
    #expect([0, 1].map { map($0) } == [4.5, 5.5])
    #expect(map(.nan).isNaN)
    #expect(QuantileMap(from: [], to: [1])(0.5) == 0.5)
    #expect(QuantileMap(from: [1], to: [])(0.5) == 0.5)
    #expect(QuantileMap(from: [1], to: [3])(0.5) == 3)
  }
}
