// What products and convolutions share of oneDNN.

#ifndef CLA_ONEDNN_H
#define CLA_ONEDNN_H

/// Keeps oneDNN's OpenMP from spreading work of this thread over others: that number is a property of
/// each calling thread. Cheap after a thread's first call.
void cla_use_one_thread(void);

#endif
