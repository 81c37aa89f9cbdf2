extension Tensor {
  /// Element `index` in row-major order, for the loops of the reference and for the few numbers that
  /// are not worth an operation of a backend.
  package subscript(element index: Int) -> Float {
    get { pointer[index] }
    nonmutating set { pointer[index] = newValue }
  }

  /// Element of the matrix that this tensor is read as.
  subscript(row: Int, column: Int) -> Float {
    get { pointer[row * columnCount + column] }
    nonmutating set { pointer[row * columnCount + column] = newValue }
  }
}
