/** Events of one stream of the API behind the proxies that comes all at once. */
export const eventsPerStream = 200
