import NeuralKit
import Testing

@Suite struct CPUPositionsTests {
  static let images = [[1, 1, 1, 1], [2, 4, 4, 16], [3, 5, 7, 17], [1, 9, 8, 40]]

  @Test(arguments: images, [1, 2, 3]) func averagePoolEqualsPlainLoops(image: [Int], size: Int) {
    let x = CPUComparison.normal(image)
    for backend in CPUComparison.backends {
      let output = backend.averagePool(x, size: size)
      expectClose(
        output, CPUComparison.reference.averagePool(x, size: size), tolerance: 1e-6,
        "\(backend.level)")
      let gradient = CPUComparison.normal(output.shape, stream: 1)
      expectClose(
        backend.averagePoolBackward(gradient, size: size, inputShape: image),
        CPUComparison.reference.averagePoolBackward(gradient, size: size, inputShape: image),
        tolerance: 1e-6, "\(backend.level)")
    }
  }

  @Test(arguments: [[1, 1, 1], [3, 17, 5], [2, 50, 600]])
  func meansOverPositionsEqualPlainLoops(shape: [Int]) {
    let x = CPUComparison.normal(shape)
    let gradient = CPUComparison.normal(shape[0], shape[2], stream: 1)
    for backend in CPUComparison.backends {
      expectClose(backend.meanOverPositions(x), CPUComparison.reference.meanOverPositions(x))
      expectClose(
        backend.meanOverPositionsBackward(gradient, length: shape[1]),
        CPUComparison.reference.meanOverPositionsBackward(gradient, length: shape[1]),
        tolerance: 1e-6)
    }
  }

  @Test(arguments: [[1, 1, 1], [5, 3, 9], [17, 20, 33]])
  func rowsByIndexEqualPlainLoops(size: [Int]) {
    let table = CPUComparison.normal(size[0], size[1])
    let indices = CPUComparison.indices(size[2], below: size[0])
    let x = CPUComparison.normal(size[2], size[1], stream: 1)
    for backend in CPUComparison.backends {
      #expect(
        backend.gatherRows(table, indices).scalars
          == CPUComparison.reference.gatherRows(table, indices).scalars)
      let (sum, expected) = (table.copied(), table.copied())
      backend.accumulateRows(x, indices, into: sum)
      CPUComparison.reference.accumulateRows(x, indices, into: expected)
      expectClose(sum, expected, tolerance: 1e-6)
    }
  }

  @Test func sequencesAreJoinedAndCut() {
    let backend = CPUBackend()
    let b = CPUComparison.normal(3, 5, 7)
    for a in [CPUComparison.normal(3, 2, 7, stream: 1), CPUComparison.normal(1, 2, 7, stream: 2)] {
      let joined = backend.concatenatePositions(a, b)
      #expect(joined.scalars == CPUComparison.reference.concatenatePositions(a, b).scalars)
      #expect(backend.positions(joined, 2..<7).scalars == b.scalars)
      #expect(backend.positions(joined, 3..<3).shape == [3, 0, 7])
    }
  }
}
