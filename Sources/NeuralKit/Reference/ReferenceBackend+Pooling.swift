extension ReferenceBackend {
  package func averagePool(_ x: Tensor, size: Int) -> Tensor {
    precondition(x.shape.count == 4 && size > 0, "averagePool: \(x.shape) by \(size)")
    let (height, width, channels) = (x.shape[1] / size, x.shape[2] / size, x.shape[3])
    let result = Tensor(uninitialized: [x.shape[0], height, width, channels])
    for item in 0..<x.shape[0] {
      for row in 0..<height {
        for column in 0..<width {
          for c in 0..<channels {
            var sum = 0.0
            for y in row * size..<(row + 1) * size {
              for z in column * size..<(column + 1) * size {
                sum += Double(x[(item * x.shape[1] + y) * x.shape[2] + z, c])
              }
            }
            result[(item * height + row) * width + column, c] = Float(sum / Double(size * size))
          }
        }
      }
    }
    return result
  }

  package func averagePoolBackward(
    _ gradient: Tensor, size: Int, inputShape: [Int]
  ) -> Tensor {
    let (height, width) = (inputShape[1] / size, inputShape[2] / size)
    requireEqual(
      gradient.shape, [inputShape[0], height, width, inputShape[3]], "averagePoolBackward")
    let result = Tensor(repeating: 0, shape: inputShape)
    let share = 1 / Float(size * size)
    for item in 0..<inputShape[0] {
      for y in 0..<height * size {
        for z in 0..<width * size {
          let from = (item * height + y / size) * width + z / size
          let to = (item * inputShape[1] + y) * inputShape[2] + z
          for c in 0..<inputShape[3] { result[to, c] = gradient[from, c] * share }
        }
      }
    }
    return result
  }

  package func meanOverPositions(_ x: Tensor) -> Tensor {
    precondition(x.shape.count == 3, "meanOverPositions: \(x.shape) is not [N, L, D]")
    let (items, length, columns) = (x.shape[0], x.shape[1], x.shape[2])
    let result = Tensor(uninitialized: [items, columns])
    for item in 0..<items {
      for c in 0..<columns {
        let sum = (0..<length).reduce(0.0) { $0 + Double(x[item * length + $1, c]) }
        result[item, c] = Float(sum / Double(length))
      }
    }
    return result
  }

  package func meanOverPositionsBackward(_ gradient: Tensor, length: Int) -> Tensor {
    precondition(gradient.shape.count == 2, "meanOverPositionsBackward: \(gradient.shape)")
    let (items, columns) = (gradient.shape[0], gradient.shape[1])
    let result = Tensor(uninitialized: [items, length, columns])
    for row in 0..<items * length {
      for c in 0..<columns { result[row, c] = gradient[row / length, c] / Float(length) }
    }
    return result
  }
}
