import CLinearAlgebra

/// The checked sizes of a convolution, and what follows from them.
struct ConvolutionPlan {
  let batch: Int
  let height: Int
  let width: Int
  let channels: Int
  let outChannels: Int
  let kernel: Int
  let stride: Int
  let padding: Int

  init(_ x: Tensor, _ weight: Tensor, stride: Int, padding: Int) {
    precondition(
      x.shape.count == 4 && weight.shape.count == 4 && x.shape[3] == weight.shape[1]
        && weight.shape[2] == weight.shape[3] && stride > 0 && padding >= 0
        && x.shape[1] + 2 * padding >= weight.shape[2]
        && x.shape[2] + 2 * padding >= weight.shape[2],
      "convolution: x \(x.shape), weight \(weight.shape), stride \(stride), padding \(padding)")
    batch = x.shape[0]
    height = x.shape[1]
    width = x.shape[2]
    channels = x.shape[3]
    outChannels = weight.shape[0]
    kernel = weight.shape[2]
    self.stride = stride
    self.padding = padding
  }

  private func outputSize(_ size: Int) -> Int { (size + 2 * padding - kernel) / stride + 1 }

  /// `[N, H', W', O]`.
  var output: [Int] { [batch, outputSize(height), outputWidth, outChannels] }

  var outputWidth: Int { outputSize(width) }

  /// Lines of all output images.
  var outputLines: Int { batch * outputSize(height) }

  var outputPixels: Int { outputLines * outputWidth }

  /// The inputs of one output.
  var windowCount: Int { kernel * kernel * channels }

  /// Whether the convolution is a product of the pixels as they lie.
  var isPointwise: Bool { kernel == 1 && stride == 1 && padding == 0 }

  /// Whether each pixel belongs to one window only: a vision transformer's patches.
  var windowsAreDisjoint: Bool { kernel == stride && kernel > 1 && padding == 0 }

  /// Lines of the output whose windows fill about `floats`, with 128 pixels at least.
  func linesPerBlock(floats: Int) -> Int {
    let pixels = max(128, floats / windowCount)
    return max(1, min(outputLines, pixels / outputWidth))
  }

  /// All lines, in blocks.
  func blocks(lines: Int) -> some Sequence<Range<Int>> {
    Swift.stride(from: 0, to: outputLines, by: lines).lazy.map { $0..<min($0 + lines, outputLines) }
  }

  /// The pixels of some lines.
  func pixels(lines: Range<Int>) -> Range<Int> {
    lines.lowerBound * outputWidth..<lines.upperBound * outputWidth
  }

  /// An image tensor as one row per pixel.
  func pixels(_ image: Tensor) -> Tensor {
    image.reshaped([batch * height * width, channels])
  }

  func withDescription(_ body: (UnsafePointer<CLAConvolution>) -> Void) {
    var description = CLAConvolution(
      batch: Int32(batch), height: Int32(height), width: Int32(width), inChannels: Int32(channels),
      outChannels: Int32(outChannels), kernel: Int32(kernel), stride: Int32(stride),
      padding: Int32(padding))
    body(&description)
  }

  /// Traps on a status that oneDNN gives only for lack of memory or a broken installation.
  func check(_ status: Int32) {
    precondition(status == 0, "oneDNN's convolution failed with status \(status) for \(self)")
  }
}
