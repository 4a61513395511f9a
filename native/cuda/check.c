/* What is checked before CUDA is called. */
#include <stdatomic.h>

#include "cuda.h"

bool check_device(struct call *call, const char *name, int64_t device)
{
	int count = 0;

	if (device < 0)
		return call_bad_argument(call, name, "%lld was given, and devices are counted from 0", (long long)device);
	if (!cuda_passed(call, libcudart.cudaGetDeviceCount(&count)))
		return false;
	if (device >= count)
		return call_bad_argument(call, name, "%lld was given, and the last device is %d", (long long)device, count - 1);
	return true;
}

bool check_device_if_given(struct call *call, const char *name, const int64_t *device)
{
	return !device || check_device(call, name, *device);
}

bool check_size(struct call *call, const char *name, int64_t size)
{
	return size >= 0 || call_bad_argument(call, name, "%lld was given, and a size is at least 0", (long long)size);
}

bool check_octet(struct call *call, const char *name, int64_t value)
{
	return (value >= 0 && value <= 255)
	       || call_bad_argument(call, name, "%lld was given, and a byte is from 0 to 255", (long long)value);
}

/* Whether a part lies inside of `whole` bytes, which are those of `owner`. */
static bool lies_inside(struct call *call, const char *owner, int64_t whole, const char *offset_name, int64_t offset,
                        const char *size_name, int64_t size)
{
	if (offset < 0)
		return call_bad_argument(call, offset_name, "%lld was given, and an offset is at least 0", (long long)offset);
	if (offset > whole)
		return call_bad_argument(call, offset_name, "%lld was given, and `%s` has %lld bytes", (long long)offset, owner,
		                         (long long)whole);
	if (!check_size(call, size_name, size))
		return false;
	if (size > whole - offset)
		return call_bad_argument(call, size_name, "%lld bytes from %lld on are more than the %lld of `%s`",
		                         (long long)size, (long long)offset, (long long)whole, owner);
	return true;
}

bool check_inside(struct call *call, const struct memory *memory, const char *offset_name, int64_t offset,
                  const char *size_name, int64_t size)
{
	return lies_inside(call, memory->name, memory->size, offset_name, offset, size_name, size);
}

bool check_inside_pinned(struct call *call, const struct pinned *pinned, const char *offset_name, int64_t offset,
                         const char *size_name, int64_t size)
{
	return lies_inside(call, pinned->name, pinned->size, offset_name, offset, size_name, size);
}

bool check_inside_list(struct call *call, const struct memory *memory, const char *offset_name, int64_t offset,
                       const char *data_name, const uint8_t *data, int64_t data_len)
{
	(void)data;
	return lies_inside(call, memory->name, memory->size, offset_name, offset, data_name, data_len);
}

bool check_apart(struct call *call, const struct memory *source, const char *source_name, int64_t source_offset,
                 const struct memory *target, const char *target_name, int64_t target_offset, const char *size_name,
                 int64_t size)
{
	int64_t apart = source_offset < target_offset ? target_offset - source_offset : source_offset - target_offset;

	(void)source_name;
	(void)size_name;
	if (source->data != target->data || size == 0 || apart >= size)
		return true;
	return call_bad_argument(call, target_name, "%lld bytes from %lld and from %lld on overlap in the same memory",
	                         (long long)size, (long long)source_offset, (long long)target_offset);
}

bool check_of_one_device(struct call *call, const struct memory *source, const struct memory *target)
{
	if (source->device == target->device)
		return true;
	return call_bad_argument(call, target->name, "it is on cuda:%d, and `%s` on cuda:%d: copy from device to device with "
	                         "rt_cuda_copy_peer", target->device, source->name, source->device);
}

bool check_on_stream(struct call *call, const struct memory *memory, const struct stream *stream)
{
	if (!stream || stream->device == memory->device)
		return true;
	return call_bad_argument(call, stream->name, "it is a stream of cuda:%d, and `%s` is on cuda:%d", stream->device,
	                         memory->name, memory->device);
}

bool check_on_stream_of_either(struct call *call, const struct memory *source, const struct memory *target,
                               const struct stream *stream)
{
	if (!stream || stream->device == source->device || stream->device == target->device)
		return true;
	return call_bad_argument(call, stream->name, "it is a stream of cuda:%d, and `%s` is on cuda:%d, `%s` on cuda:%d",
	                         stream->device, source->name, source->device, target->name, target->device);
}

bool check_recorded_on(struct call *call, const struct event *event, const struct stream *stream)
{
	if (!stream || stream->device == event->device)
		return true;
	return call_bad_argument(call, stream->name, "it is a stream of cuda:%d, and `%s` is an event of cuda:%d",
	                         stream->device, event->name, event->device);
}

static bool takes_time(struct call *call, const struct event *event)
{
	if (!event->timing)
		return call_bad_argument(call, event->name, "the event was made to take no time");
	return atomic_load(event->recorded) || call_bad_argument(call, event->name, "the event was never recorded");
}

bool check_timed(struct call *call, const struct event *start, const struct event *stop)
{
	if (start->device != stop->device)
		return call_bad_argument(call, stop->name, "it is an event of cuda:%d, and `%s` one of cuda:%d", stop->device,
		                         start->name, start->device);
	return takes_time(call, start) && takes_time(call, stop);
}
