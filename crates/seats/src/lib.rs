//! Takes software licence seats back: the clients of Seats, pleasant to use.
