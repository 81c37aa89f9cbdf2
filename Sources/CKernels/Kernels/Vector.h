// Sixteen floats at a time, whatever the registers hold: one AVX-512 register, two of AVX2, four of
// SSE2 or NEON. All levels thus add in the same order.

// Passing such vectors between functions would differ by level; all functions that do are inlined.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float Vector __attribute__((ext_vector_type(16)));
typedef int32_t Mask __attribute__((ext_vector_type(16)));
typedef double DoubleVector __attribute__((ext_vector_type(8)));
typedef Vector LooseVector __attribute__((aligned(4), may_alias));

enum { lanes = 16 };

#define INLINE static inline __attribute__((always_inline))

INLINE Vector broadcast(float value) { return value - (Vector){0}; }

INLINE Vector load(const float *p) { return *(const LooseVector *)p; }

INLINE void store(float *p, Vector v) { *(LooseVector *)p = v; }

/// The first `count` (fewer than 16) floats, zeros behind them; nothing beyond is read.
INLINE Vector load_first(const float *p, long count) {
#if defined(CK_HAS_AVX512)
  return (Vector)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
#else
  Vector v = {0};
#if defined(CK_HAS_AVX2)
  const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i limit = _mm256_set1_epi32((int)count);
  const __m256i low = _mm256_cmpgt_epi32(limit, index);
  const __m256i high = _mm256_cmpgt_epi32(limit, _mm256_add_epi32(index, _mm256_set1_epi32(8)));
  const __m256 first = _mm256_maskload_ps(p, low), second = _mm256_maskload_ps(p + 8, high);
  __builtin_memcpy(&v, &first, 32);
  __builtin_memcpy((char *)&v + 32, &second, 32);
#else
  for (long i = 0; i < count; i++) v[i] = p[i];
#endif
  return v;
#endif
}

INLINE void store_first(float *p, Vector v, long count) {
#if defined(CK_HAS_AVX512)
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
#elif defined(CK_HAS_AVX2)
  const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i limit = _mm256_set1_epi32((int)count);
  __m256 first, second;
  __builtin_memcpy(&first, &v, 32);
  __builtin_memcpy(&second, (char *)&v + 32, 32);
  _mm256_maskstore_ps(p, _mm256_cmpgt_epi32(limit, index), first);
  _mm256_maskstore_ps(
      p + 8, _mm256_cmpgt_epi32(limit, _mm256_add_epi32(index, _mm256_set1_epi32(8))), second);
#else
  for (long i = 0; i < count; i++) p[i] = v[i];
#endif
}

INLINE Vector choose(Mask condition, Vector yes, Vector no) { return condition ? yes : no; }

/// All bits set in the first `count` lanes.
INLINE Mask first_lanes(long count) {
  const Mask index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return index < (int32_t)count - (Mask){0};
}

/// The larger number; `b` where one of them is not a number.
INLINE Vector larger(Vector a, Vector b) { return a > b ? a : b; }

/// `x` kept within `low ... high`. What is not a number stays so, that trouble is seen where it begins.
INLINE Vector clamped(Vector x, float low, float high) {
  const Vector capped = broadcast(high) < x ? broadcast(high) : x;
  return broadcast(low) > capped ? broadcast(low) : capped;
}

INLINE Vector square_root(Vector v) { return __builtin_elementwise_sqrt(v); }

INLINE float sum_of_lanes(Vector v) {
  float s[lanes];
  __builtin_memcpy(s, &v, sizeof v);
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) s[i] += s[i + width];
  return s[0];
}

INLINE float largest_lane(Vector v) {
  float s[lanes];
  __builtin_memcpy(s, &v, sizeof v);
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) s[i] = s[i] > s[i + width] ? s[i] : s[i + width];
  return s[0];
}

typedef float HalfVector __attribute__((ext_vector_type(8)));

INLINE DoubleVector low_doubles(Vector v) {
  HalfVector half;
  __builtin_memcpy(&half, &v, 32);
  return __builtin_convertvector(half, DoubleVector);
}

INLINE DoubleVector high_doubles(Vector v) {
  HalfVector half;
  __builtin_memcpy(&half, (char *)&v + 32, 32);
  return __builtin_convertvector(half, DoubleVector);
}

INLINE double sum_of_doubles(DoubleVector v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

/// e^x to 2 units in the last place; zero below -87.3, and the largest power of two's neighbourhood
/// above 88.3. Range reduction by Cody and Waite with Moshier's polynomial (Cephes, expf).
INLINE Vector exponential(Vector x) {
  const Vector shifter = broadcast(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
  const Mask underflows = x < broadcast(-87.33f);
  x = clamped(x, -87.33f, 88.37f);
  const Vector shifted = x * broadcast(1.44269504088896341f) + shifter;
  const Vector n = shifted - shifter;
  const Vector r = (x - n * broadcast(0.693359375f)) - n * broadcast(-2.12194440e-4f);
  Vector p = broadcast(1.9875691500e-4f);
  p = p * r + broadcast(1.3981999507e-3f);
  p = p * r + broadcast(8.3334519073e-3f);
  p = p * r + broadcast(4.1665795894e-2f);
  p = p * r + broadcast(1.6666665459e-1f);
  p = p * r + broadcast(5.0000001201e-1f);
  const Vector mantissa = p * (r * r) + r + broadcast(1.0f);
  const Mask exponent = ((Mask)shifted - (Mask)shifter) << 23;
  const Vector result = (Vector)((Mask)mantissa + exponent);
  return underflows ? broadcast(0) : result;
}

/// x * Φ(x), Φ the standard normal distribution function, to 1e-6 (below -5.6, zero). Φ - 1/2 is an odd
/// rational function on -5.6...5.6 (least squares iterated towards the smallest largest error, 1e-8
/// before rounding), which is half the work of an erf through an exponential.
INLINE Vector gaussian_gated(Vector x) {
  const Vector c = clamped(x, -5.6f, 5.6f);
  const Vector s = c * c;
  Vector p = broadcast(2.21453626e-08f);
  p = p * s + broadcast(6.35651906e-06f);
  p = p * s + broadcast(0.000173849642f);
  p = p * s + broadcast(0.00470725274f);
  p = p * s + broadcast(0.0343760055f);
  p = p * s + broadcast(0.398942222f);
  Vector q = broadcast(1.18021247e-06f);
  q = q * s + broadcast(7.51015454e-05f);
  q = q * s + broadcast(0.00191297205f);
  q = q * s + broadcast(0.0289400284f);
  q = q * s + broadcast(0.252833581f);
  q = q * s + broadcast(1.0f);
  const Vector gated = x * (broadcast(0.5f) + c * p / q);
  return x < broadcast(-5.6f) ? broadcast(0) : gated;
}

/// The derivative of `gaussian_gated`, Φ(x) + x φ(x), likewise 1/2 and an odd rational function on
/// -6...6.
INLINE Vector gaussian_gated_slope(Vector x) {
  const Vector c = clamped(x, -6.0f, 6.0f);
  const Vector s = c * c;
  Vector p = broadcast(-2.88798667e-11f);
  p = p * s + broadcast(1.30027578e-08f);
  p = p * s + broadcast(1.12189987e-06f);
  p = p * s + broadcast(3.20271993e-05f);
  p = p * s + broadcast(0.000285211807f);
  p = p * s + broadcast(0.0135690378f);
  p = p * s + broadcast(-0.0180386775f);
  p = p * s + broadcast(0.797884522f);
  Vector q = broadcast(3.63625979e-07f);
  q = q * s + broadcast(1.08120926e-05f);
  q = q * s + broadcast(0.000258603084f);
  q = q * s + broadcast(0.00415018613f);
  q = q * s + broadcast(0.0455825764f);
  q = q * s + broadcast(0.310724721f);
  q = q * s + broadcast(1.0f);
  return broadcast(0.5f) + c * p / q;
}
