import AuditRisk
import Foundation
import NeuralKit
import Testing

@Suite struct BitSetTests {
  static let sizes = [0, 1, 3, 17, 63, 64, 65, 128, 1_000, 4_099]

  @Test(arguments: sizes, [0, 0.01, 0.5, 0.99, 1] as [Float])
  func membersSurviveEncoding(count: Int, share: Float) throws {
    var generator = SeededGenerator(seed: 31, UInt64(count))
    let flags = (0..<count).map { _ in generator.uniform() < share }
    let set = BitSet(flags)
    #expect(set.memberCount == flags.count { $0 })
    #expect(set.indices == flags.indices.filter { flags[$0] })
    #expect((0..<count).allSatisfy { set[$0] == flags[$0] })
    let bytes = set.encoded()
    #expect(bytes.count <= 2 + (count + 7) / 8)
    #expect(BitSet(count: count, encoded: bytes) == set)
    let json = try JSONEncoder().encode(set)
    #expect(try JSONDecoder().decode(BitSet.self, from: json) == set)
  }

  @Test func changesAreTheSymmetricDifferenceAndAreSmall() {
    var generator = SeededGenerator(seed: 32)
    let before = BitSet((0..<100_000).map { _ in generator.flip(0.3) })
    var after = before
    for _ in 0..<500 { after[generator.index(below: after.count)].toggle() }
    let changes = before ^ after
    #expect(changes.encoded().count < 3 * 500 + 3)
    #expect((before ^ changes) == after)
    #expect(before.intersection(after).indices.allSatisfy { before[$0] && after[$0] })
  }

  @Test func foreignBytesAreRefused() {
    let refused: [(Int, [UInt8])] = [
      (8, []), (8, [2, 0]), (8, [0]), (8, [0, 1, 2]), (7, [0, 0x80]), (8, [1, 7]), (8, [1, 9]),
      (8, [1, 0x88]), (8, [1, 8, 1]), (8, [1] + [UInt8](repeating: 0xFF, count: 12)),
    ]
    for (count, bytes) in refused {
      #expect(BitSet(count: count, encoded: bytes) == nil, "\(bytes) for \(count)")
    }
    #expect(BitSet(count: 65, words: [0]) == nil)
    #expect(BitSet(count: 1, words: [2]) == nil)
  }

  @Test func mutatedBytesNeverGiveAnImpossibleSet() {
    var generator = SeededGenerator(seed: 33)
    let valid = BitSet((0..<300).map { $0 % 40 < 3 }).encoded()
    for _ in 0..<5_000 {
      var bytes = valid
      for _ in 0..<(1 + generator.index(below: 3)) {
        bytes[generator.index(below: bytes.count)] = UInt8(generator.index(below: 256))
      }
      bytes.removeLast(generator.index(below: 3))
      guard let set = BitSet(count: 300, encoded: bytes) else { continue }
      #expect(set.indices.allSatisfy { $0 < 300 })
      #expect(set.memberCount <= 300)
    }
  }
}
