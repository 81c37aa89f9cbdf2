// Sixteen floats at a time, whatever the registers hold: one AVX-512 register, two of AVX2, four of
// SSE2 or NEON. All levels thus add in the same order.

// Passing such vectors between functions would differ by level; all functions that do are inlined.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float Vector __attribute__((vector_size(64)));
typedef int32_t Mask __attribute__((vector_size(64)));
typedef double DoubleVector __attribute__((vector_size(64)));
typedef float LooseVector __attribute__((vector_size(64), aligned(4), may_alias));

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

INLINE Vector choose(Mask condition, Vector yes, Vector no) {
  return (Vector)((condition & (Mask)yes) | (~condition & (Mask)no));
}

/// All bits set in the first `count` lanes.
INLINE Mask first_lanes(long count) {
  const Mask index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return index < (int32_t)count - (Mask){0};
}

INLINE Vector larger(Vector a, Vector b) { return __builtin_elementwise_max(a, b); }

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

typedef float HalfVector __attribute__((vector_size(32)));

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
  x = larger(__builtin_elementwise_min(x, broadcast(88.37f)), broadcast(-87.33f));
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
  return (Vector)(~underflows & (Mask)result);
}

/// Φ(x), the standard normal distribution function, and e^(-x²/2).
/// erfc(z) e^(z²) / t is a polynomial in t = 1 / (1 + 0.33 z) to a relative error of 1e-7 for z in
/// 0...10, found by least squares iterated towards the smallest largest error; the form is
/// Abramowitz and Stegun's 7.1.26.
INLINE Vector normal_distribution(Vector x, Vector *density) {
  const Mask is_negative = x < broadcast(0);
  const Vector z = (Vector)((Mask)x & (0x7FFFFFFF - (Mask){0})) * broadcast(0.70710678118654752f);
  const Vector t = broadcast(1) / (broadcast(1) + broadcast(0.33f) * z);
  const Vector e = exponential(-(z * z));
  Vector p = broadcast(-0.135345171f);
  p = p * t + broadcast(0.460235022f);
  p = p * t + broadcast(-0.351146192f);
  p = p * t + broadcast(0.408496831f);
  p = p * t + broadcast(0.0472222844f);
  p = p * t + broadcast(0.201223402f);
  p = p * t + broadcast(0.182956018f);
  p = p * t + broadcast(0.186357798f);
  const Vector tail = broadcast(0.5f) * t * p * e;
  *density = e;
  return choose(is_negative, tail, broadcast(1) - tail);
}
