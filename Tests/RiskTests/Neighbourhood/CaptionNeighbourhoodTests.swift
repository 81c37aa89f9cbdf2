import AuditRisk
import NeuralKit
import TestSupport
import Testing

@Suite struct CaptionNeighbourhoodTests {
  private static let images = UnitRows.waves(24, 6)
  private static let captions = UnitRows.waves(24, 6, phase: 1.1)

  @Test("is the mean caption of the nearest images, whoever asks", arguments: [1, 4, 30])
  func mean(k: Int) {
    let neighbourhood = CaptionNeighbourhood(
      images: Self.images, captions: Self.captions, k: k, duplicateCosine: 0.999)
    let found = neighbourhood.captions(near: Self.images, CPUBackend())
    let nearest = Neighbours.nearest(
      k, among: Self.images, cosineLimit: 0.999, ReferenceBackend())
    for row in 0..<24 {
      let near = nearest.indices(of: row)
      #expect(!near.isEmpty)
      var mean = [Float](repeating: 0, count: 6)
      for other in near {
        let caption = Self.captions.rows(Int(other)..<Int(other) + 1).scalars
        for column in 0..<6 { mean[column] += caption[column] / Float(near.count) }
      }
      let own = found.rows(row..<row + 1).scalars
      #expect(zip(own, mean).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    let own = neighbourhood.captions(ReferenceBackend())
    #expect(zip(own.scalars, found.scalars).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("of an image that is like no other but its copies there is none")
  func alone() {
    let rows = UnitRows.unit([[1, 0, 0], [1, 0, 0], [1, 0.001, 0]])
    let neighbourhood = CaptionNeighbourhood(
      images: rows, captions: rows, k: 2, duplicateCosine: 0.98)
    #expect(neighbourhood.captions(near: rows, CPUBackend()).scalars.allSatisfy { $0 == 0 })
  }
}
