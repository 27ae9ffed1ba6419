/* What cppcheck has to be told of cJSON, whose headers it is not shown. */
#define cJSON_ArrayForEach(e, list) for (e = (list) ? (list)->child : NULL; e; e = e->next)
