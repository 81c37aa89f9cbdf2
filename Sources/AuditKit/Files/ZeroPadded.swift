extension String {
  /// The digits with zeros before them, so that there are `width`; unchanged where there are as many already.
  package func zeroPadded(to width: Int) -> String {
    String(repeating: "0", count: max(0, width - count)) + self
  }
}
