/* SPDX-License-Identifier: Apache-2.0 */
/* core/apiserver/schedule.h - cron schedules and time zones of CronJobs, as robfig/cron parses them. */
#ifndef CORE_APISERVER_SCHEDULE_H
#define CORE_APISERVER_SCHEDULE_H

#include "core/apiserver/checks.h"

void check_schedule(const struct check *c, struct str field, struct str schedule);
/* NULL is fine. Names are checked by shape: Area/City, UTC and the like. */
void check_time_zone(const struct check *c, struct str field, const struct val *zone);

#endif
