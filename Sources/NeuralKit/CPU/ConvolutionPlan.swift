import CLinearAlgebra

/// The checked sizes of a convolution, and how it is computed.
struct ConvolutionPlan {
  /// See `CPUBackend.convolution`.
  enum Method {
    case product
    case patches
    case direct
  }

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
  var output: [Int] { [batch, outputSize(height), outputSize(width), outChannels] }

  var outputPixels: Int { batch * outputSize(height) * outputSize(width) }

  var patchCount: Int { kernel * kernel * channels }

  var method: Method {
    guard padding == 0 else { return .direct }
    if kernel == 1 && stride == 1 { return .product }
    return kernel == stride ? .patches : .direct
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
