#include "OneDNN.h"

#include "CLinearAlgebra.h"

#include <dnnl.h>
#include <stdio.h>

// libgomp's; Swift's clang comes without omp.h.
extern void omp_set_num_threads(int count);

void cla_use_one_thread(void) {
  static __thread bool is_set;
  if (is_set) return;
  omp_set_num_threads(1);
  is_set = true;
}

void cla_onednn_product(
    bool aTransposed, bool bTransposed, int32_t m, int32_t n, int32_t k, float alpha,
    const float *a, int32_t aStride, const float *b, int32_t bStride, float beta, float *c,
    int32_t cStride) {
  cla_use_one_thread();
  dnnl_sgemm(
      aTransposed ? 'T' : 'N', bTransposed ? 'T' : 'N', m, n, k, alpha, a, aStride, b, bStride, beta,
      c, cStride);
}

const char *cla_onednn_version(void) {
  static char text[32];
  const dnnl_version_t *version = dnnl_version();
  if (text[0] == 0)
    snprintf(
        text, sizeof text, "%d.%d.%d", version->major, version->minor, version->patch);
  return text;
}

const char *cla_onednn_instruction_set(void) {
  switch (dnnl_get_effective_cpu_isa()) {
    case dnnl_cpu_isa_sse41: return "SSE4.1";
    case dnnl_cpu_isa_avx: return "AVX";
    case dnnl_cpu_isa_avx2: return "AVX2";
    case dnnl_cpu_isa_avx2_vnni: return "AVX2 with VNNI";
    case dnnl_cpu_isa_avx512_mic: return "AVX-512 (Knights Landing)";
    case dnnl_cpu_isa_avx512_mic_4ops: return "AVX-512 (Knights Mill)";
    case dnnl_cpu_isa_avx512_core: return "AVX-512";
    case dnnl_cpu_isa_avx512_core_vnni: return "AVX-512 with VNNI";
    case dnnl_cpu_isa_avx512_core_bf16: return "AVX-512 with bfloat16";
    case dnnl_cpu_isa_avx512_core_amx: return "AVX-512 with AMX";
    default: return "generic";
  }
}
