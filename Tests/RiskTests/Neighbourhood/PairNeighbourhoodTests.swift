import AuditRisk
import NeuralKit
import TestSupport
import Testing

@Suite struct PairNeighbourhoodTests {
  private static let images = UnitRows.waves(24, 6)
  private static let captions = UnitRows.waves(24, 6, phase: 1.1)

  @Test(
    "agreement is the median cosine with the captions of the nearest images, and the other way round",
    arguments: [1, 4, 5, 30])
  func medians(k: Int) {
    let neighbourhood = PairNeighbourhood(
      images: Self.images, captions: Self.captions, k: k, duplicateCosine: 0.999)
    for shift in [0, 1, 12, 23] {
      let found = neighbourhood.agreements(
        of: (Self.images, Self.captions), shifts: [0, shift], CPUBackend())[1]
      let ofCaptions = (0..<24).map { row in
        Self.median(Self.captions, (row + shift) % 24, nearest: k, to: row, by: Self.images)
      }
      let ofImages = (0..<24).map { row in
        Self.median(Self.images, row, nearest: k, to: (row + shift) % 24, by: Self.captions)
      }
      #expect(zip(found.ofCaptions, ofCaptions).allSatisfy { abs($0 - $1) < 1e-6 })
      #expect(zip(found.ofImages, ofImages).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test("pairs among themselves agree as any other queries do")
  func amongItself() {
    let neighbourhood = PairNeighbourhood(
      images: Self.images, captions: Self.captions, k: 5, duplicateCosine: 0.999)
    let own = neighbourhood.agreements(ReferenceBackend())
    let asked = neighbourhood.agreements(
      of: (Self.images, Self.captions), shifts: [0], ReferenceBackend())[0]
    #expect(zip(own.ofCaptions, asked.ofCaptions).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(zip(own.ofImages, asked.ofImages).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test(
    "no pair is its own neighbour where it is known to be one of the neighbourhood, whatever counts as a duplicate",
    arguments: [0.999, 1, 1.5] as [Float])
  func itself(duplicateCosine: Float) {
    let neighbourhood = PairNeighbourhood(
      images: Self.images, captions: Self.captions, k: 4, duplicateCosine: duplicateCosine)
    let all = neighbourhood.agreements(CPUBackend())
    let order: [Int32] = [5, 0, 23, 11]
    let asked = neighbourhood.agreements(
      of: (UnitRows.gathered(Self.images, order), UnitRows.gathered(Self.captions, order)),
      own: order, shifts: [0], CPUBackend())[0]
    for (row, pair) in order.enumerated() {
      #expect(abs(asked.ofCaptions[row] - all.ofCaptions[Int(pair)]) < 1e-6)
      #expect(abs(asked.ofImages[row] - all.ofImages[Int(pair)]) < 1e-6)
    }
  }

  @Test("images or captions that are like no other but their copies have agreement 0")
  func alone() {
    let rows = UnitRows.unit([[1, 0, 0], [1, 0, 0], [1, 0.001, 0]])
    let others = UnitRows.unit([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    let copiedImages = PairNeighbourhood(
      images: rows, captions: others, k: 2, duplicateCosine: 0.98)
    #expect(
      copiedImages.agreements(of: (rows, others), shifts: [0], CPUBackend())[0].ofCaptions
        == [0, 0, 0])
    let copiedCaptions = PairNeighbourhood(
      images: others, captions: rows, k: 2, duplicateCosine: 0.98)
    #expect(
      copiedCaptions.agreements(of: (others, rows), shifts: [0], CPUBackend())[0].ofImages
        == [0, 0, 0])
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
    let agreements = PairNeighbourhood(
      images: UnitRows.unit(images), captions: UnitRows.unit(captions), k: 20,
      duplicateCosine: 0.999_999
    ).agreements(CPUBackend())
    let planted = 40..<48
    #expect(planted.allSatisfy { agreements.ofImages[$0] < 0.2 })
    #expect((0..<40).allSatisfy { agreements.ofImages[$0] > 0.8 })
    let few = PairNeighbourhood(
      images: UnitRows.unit(images), captions: UnitRows.unit(captions), k: 6,
      duplicateCosine: 0.999_999
    ).agreements(CPUBackend())
    #expect(planted.allSatisfy { few.ofCaptions[$0] > 0.9 })
  }

  /// The median cosine of a row of `values` with those of the rows whose `keys` are nearest to that of `other`.
  private static func median(
    _ values: Tensor, _ row: Int, nearest k: Int, to other: Int, by keys: Tensor
  ) -> Float {
    let nearest = Neighbours.nearest(k, among: keys, cosineLimit: 0.999, ReferenceBackend())
    let own = values.rows(row..<row + 1).scalars
    let cosines = nearest.indices(of: other).map { index in
      zip(own, values.rows(Int(index)..<Int(index) + 1).scalars).reduce(0) { $0 + $1.0 * $1.1 }
    }.sorted()
    guard !cosines.isEmpty else { return 0 }
    let middle = cosines.count / 2
    return cosines.count % 2 == 1 ? cosines[middle] : (cosines[middle - 1] + cosines[middle]) / 2
  }
}
