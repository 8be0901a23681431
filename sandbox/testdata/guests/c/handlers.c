// Reactor with two handlers, "one" and "two". Answers which of them runs, and
// what registering a third, too late, comes to:
//
//	{"handler":"one","late":-errno}

#include "answer.h"

LAMBENT_EXPORT(lambent_init) int32_t lambent_init(void)
{
	return lambent_register("one", 3) < 0 || lambent_register("two", 3) < 0;
}

static int32_t handle(const char *name)
{
	answer_string("{\"handler\":", name, 3);
	answer_number(",\"late\":", lambent_register("three", 5));
	answer_text("}");
	return answer_end();
}

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	char name[4] = { 0 };
	if (lambent_ctx_get("handler", 7, name, sizeof name) == 3) {
		if (name[0] == 'o' && name[1] == 'n' && name[2] == 'e')
			return handle("one");
		if (name[0] == 't' && name[1] == 'w' && name[2] == 'o')
			return handle("two");
	}
	static const char error[] = "{\"errorType\":\"UnknownHandler\",\"errorMessage\":\"want one or two\"}";
	lambent_response_error(error, sizeof error - 1);
	return 1;
}
