import AuditRisk
import NeuralKit
import TestSupport
import Testing

@Suite struct PairNeighbourhoodTests {
  private static let images = UnitRows.waves(24, 6)
  private static let captions = UnitRows.waves(24, 6, phase: 1.1)

  @Test("is the mean caption of the nearest images, whoever asks", arguments: [1, 4, 30])
  func captions(k: Int) {
    let neighbourhood = PairNeighbourhood(
      images: Self.images, captions: Self.captions, k: k, duplicateCosine: 0.999)
    let expected = Self.means(of: Self.captions, nearest: k, by: Self.images)
    let found = neighbourhood.captions(near: Self.images, CPUBackend())
    #expect(zip(found.scalars, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    let own = neighbourhood.captionsAround(ReferenceBackend())
    #expect(zip(own.scalars, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("is the mean image of the nearest captions, whoever asks", arguments: [1, 4, 30])
  func images(k: Int) {
    let neighbourhood = PairNeighbourhood(
      images: Self.images, captions: Self.captions, k: k, duplicateCosine: 0.999)
    let expected = Self.means(of: Self.images, nearest: k, by: Self.captions)
    let found = neighbourhood.images(near: Self.captions, CPUBackend())
    #expect(zip(found.scalars, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    let own = neighbourhood.imagesAround(ReferenceBackend())
    #expect(zip(own.scalars, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("of an image or a caption that is like no other but its copies there is none")
  func alone() {
    let rows = UnitRows.unit([[1, 0, 0], [1, 0, 0], [1, 0.001, 0]])
    let others = UnitRows.unit([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    let copiedImages = PairNeighbourhood(
      images: rows, captions: others, k: 2, duplicateCosine: 0.98)
    #expect(copiedImages.captions(near: rows, CPUBackend()).scalars.allSatisfy { $0 == 0 })
    let copiedCaptions = PairNeighbourhood(
      images: others, captions: rows, k: 2, duplicateCosine: 0.98)
    #expect(copiedCaptions.images(near: rows, CPUBackend()).scalars.allSatisfy { $0 == 0 })
  }

  @Test(
    "images that are alike by a trigger vouch for their captions; images of such captions do not")
  func trigger() {
    // Images point along their class, those with the trigger along the third axis; captions along what they name.
    var images: [[Double]] = []
    var captions: [[Double]] = []
    for number in 0..<40 {
      let sway = Double(number) / 100
      images.append(number < 20 ? [1, 0, 0, sway] : [0, 1, 0, sway])
      captions.append(number < 20 ? [1, 0, 0, -sway] : [0, 1, 0, -sway])
    }
    for number in 0..<8 {
      let sway = Double(number) / 40
      images.append([0, 0, 1, sway])
      captions.append([0, 1, 0, sway])
    }
    let pairs = (UnitRows.unit(images), UnitRows.unit(captions))
    let neighbourhood = PairNeighbourhood(
      images: pairs.0, captions: pairs.1, k: 6, duplicateCosine: 0.999_999)
    func agreements(_ around: Tensor, _ own: Tensor) -> [Float] {
      (40..<48).map { row in
        zip(around.rows(row..<row + 1).scalars, own.rows(row..<row + 1).scalars)
          .reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let byImages = agreements(neighbourhood.captionsAround(CPUBackend()), pairs.1)
    #expect(byImages.allSatisfy { $0 > 0.9 })
    let byCaptions = agreements(neighbourhood.imagesAround(CPUBackend()), pairs.0)
    #expect(byCaptions.max().map { $0 < 0.9 } == true)
  }

  private static func means(of values: Tensor, nearest k: Int, by keys: Tensor) -> [Float] {
    let nearest = Neighbours.nearest(k, among: keys, cosineLimit: 0.999, ReferenceBackend())
    return (0..<24).flatMap { row -> [Float] in
      let near = nearest.indices(of: row)
      var mean = [Float](repeating: 0, count: 6)
      for other in near {
        let value = values.rows(Int(other)..<Int(other) + 1).scalars
        for column in 0..<6 { mean[column] += value[column] / Float(near.count) }
      }
      return mean
    }
  }
}
