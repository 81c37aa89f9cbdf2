import NeuralKit
import Testing

@Suite struct CPUProductTests {
  static let sizes = [
    [1, 1, 1], [3, 17, 1], [17, 3, 5], [16, 16, 64], [77, 77, 64], [130, 257, 129], [300, 64, 96],
  ]

  @Test(arguments: sizes) func productsEqualPlainLoops(size: [Int]) {
    let backend = CPUBackend()
    let (m, n, k) = (size[0], size[1], size[2])
    for (aTransposed, bTransposed) in [(false, false), (true, false), (false, true), (true, true)] {
      let a = aTransposed ? CPUComparison.normal(k, m) : CPUComparison.normal(m, k)
      let b =
        bTransposed ? CPUComparison.normal(n, k, stream: 1) : CPUComparison.normal(k, n, stream: 1)
      let expected = CPUComparison.reference.product(
        a, transposed: aTransposed, b, transposed: bTransposed, scale: 0.5)
      let value = backend.product(
        a, transposed: aTransposed, b, transposed: bTransposed, scale: 0.5)
      expectClose(value, expected, tolerance: 4e-6, "\(size) \(aTransposed) \(bTransposed)")

      let sum = CPUComparison.normal(m, n, stream: 2)
      let expectedSum = sum.copied()
      backend.accumulateProduct(
        a, transposed: aTransposed, b, transposed: bTransposed, scale: -2, into: sum)
      CPUComparison.reference.accumulateProduct(
        a, transposed: aTransposed, b, transposed: bTransposed, scale: -2, into: expectedSum)
      expectClose(sum, expectedSum, tolerance: 4e-6, "sum \(size) \(aTransposed) \(bTransposed)")
    }
  }

  @Test func emptyProductsAreEmptyOrZero() {
    let backend = CPUBackend()
    let empty = backend.product(
      Tensor(uninitialized: [0, 4]), transposed: false, Tensor(repeating: 1, shape: [4, 3]),
      transposed: false, scale: 1)
    #expect(empty.shape == [0, 3])
    let zero = backend.product(
      Tensor(uninitialized: [0, 2]), transposed: true, Tensor(uninitialized: [0, 3]),
      transposed: false, scale: 1)
    #expect(zero.shape == [2, 3])
    #expect(zero.scalars == [0, 0, 0, 0, 0, 0])
  }

  @Test(arguments: [[1, 1, 1], [3, 17, 5], [200, 700, 33], [129, 513, 64]])
  func nearestRowsEqualPlainLoops(size: [Int]) {
    let queries = CPUComparison.normal(size[0], size[2])
    let pool = CPUComparison.normal(size[1], size[2], stream: 1)
    let expected = CPUComparison.reference.nearestRows(queries, in: pool)
    for backend in CPUComparison.backends {
      #expect(backend.nearestRows(queries, in: pool) == expected, "\(backend.level)")
    }
  }

  @Test func theFirstOfEqualRowsIsNearest() {
    // Rows 3, 40 and 611 are the same, and longer than all others.
    let pool = CPUComparison.normal(700, 8)
    for row in [611, 40, 3] {
      pool.withMutableElements { for c in 0..<8 { $0[row * 8 + c] = 10 } }
    }
    let queries = Tensor(repeating: 1, shape: [2, 8])
    for backend in CPUComparison.backends {
      #expect(backend.nearestRows(queries, in: pool) == [3, 3], "\(backend.level)")
    }
  }
}
