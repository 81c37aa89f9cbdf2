/// A list of uids as DataComp's tools take a subset of a pool: a NumPy file of 128-bit numbers in two halves.
package enum SubsetFile {
  /// What stands before the numbers: NumPy's format 1.0 for `[('f0', '<u8'), ('f1', '<u8')]`, as `numpy.save` writes it.
  package static func header(count: Int) -> [UInt8] {
    let description = """
      {'descr': [('f0', '<u8'), ('f1', '<u8')], 'fortran_order': False, 'shape': (\(count),), }
      """
    let start: [UInt8] = [0x93] + "NUMPY".utf8 + [1, 0]
    // The numbers begin at a multiple of 64, behind a line end; 128 holds every count.
    let width = 128 - start.count - 2
    let text = Array(description.utf8)
    let padding = [UInt8](repeating: UInt8(ascii: " "), count: width - 1 - text.count)
    return start + [UInt8(width), 0] + text + padding + [UInt8(ascii: "\n")]
  }

  /// The numbers: of each the upper half, then the lower one, each lowest byte first.
  package static func bytes(of uids: some Collection<UInt128>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16 * uids.count)
    for uid in uids {
      for half in [UInt64(truncatingIfNeeded: uid >> 64), UInt64(truncatingIfNeeded: uid)] {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(8 * place))) }
      }
    }
    return bytes
  }
}
