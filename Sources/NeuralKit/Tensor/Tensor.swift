/// A dense array of float32 in row-major order, the last axis contiguous.
///
/// Images are `[N, H, W, C]` (channels last), sequences `[N, L, D]`, matrices `[rows, columns]`.
/// A tensor is a view: copies of the value share memory, and only the backend's operations whose
/// names say so (`accumulate…`, `…InPlace`) write to memory that already has a value.
package struct Tensor: Sendable {
  package let shape: [Int]
  package let storage: TensorStorage
  /// Where the view starts in its storage, in floats.
  package let offset: Int

  /// The number of elements.
  package var count: Int { shape.reduce(1, *) }

  /// Elements per step of the first axis.
  package var rowCount: Int { shape.isEmpty ? 1 : count / max(1, shape[shape.count - 1]) }

  /// The length of the last axis.
  package var columnCount: Int { shape.last ?? 1 }

  /// A tensor whose elements have no defined value yet.
  package init(uninitialized shape: [Int]) {
    self.shape = shape
    storage = TensorStorage(count: shape.reduce(1, *))
    offset = 0
  }

  package init(shape: [Int], storage: TensorStorage, offset: Int = 0) {
    let count = shape.reduce(1, *)
    precondition(
      offset >= 0 && offset + count <= storage.count,
      "a view of shape \(shape) at \(offset) does not fit into \(storage.count) floats")
    self.shape = shape
    self.storage = storage
    self.offset = offset
  }

  /// A tensor holding `scalars` in row-major order.
  package init(_ scalars: [Float], shape: [Int]) {
    precondition(
      scalars.count == shape.reduce(1, *), "\(scalars.count) scalars do not fill shape \(shape)")
    self.init(uninitialized: shape)
    storage.pointer.update(from: scalars, count: scalars.count)
  }

  /// A tensor of equal elements.
  package init(repeating value: Float, shape: [Int]) {
    self.init(uninitialized: shape)
    pointer.update(repeating: value, count: count)
  }

  /// The same elements under another shape of equal count; memory is shared.
  package func reshaped(_ shape: [Int]) -> Tensor {
    precondition(
      shape.reduce(1, *) == count, "shape \(self.shape) cannot be read as \(shape)")
    return Tensor(shape: shape, storage: storage, offset: offset)
  }

  /// Rows `range` of the first axis; memory is shared.
  package func rows(_ range: Range<Int>) -> Tensor {
    precondition(
      !shape.isEmpty && range.lowerBound >= 0 && range.upperBound <= shape[0],
      "rows \(range) do not lie in shape \(shape)")
    let stride = shape[0] == 0 ? 0 : count / shape[0]
    return Tensor(
      shape: [range.count] + shape.dropFirst(), storage: storage,
      offset: offset + range.lowerBound * stride)
  }

  /// The elements, copied, in row-major order.
  package var scalars: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// The first element; what a tensor of one element holds.
  package var scalar: Float { pointer[0] }

  /// Read and write access to the elements for the length of `body`.
  package func withMutableElements<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try body(UnsafeMutableBufferPointer(start: pointer, count: count))
  }

  /// A copy with memory of its own.
  package func copied() -> Tensor {
    let copy = Tensor(uninitialized: shape)
    copy.pointer.update(from: pointer, count: count)
    return copy
  }

  package var pointer: UnsafeMutablePointer<Float> { storage.pointer + offset }
}
