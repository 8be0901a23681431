#ifndef LAMBENT_SWITCH_H
#define LAMBENT_SWITCH_H

// lambent_switch goes on with what stopped at stack, as if its own call of
// lambent_switch returned. What calls it here goes on when somebody switches to
// what it leaves in *stopped.
void lambent_switch(void **stopped, void *stack);

// lambent_stack_begin returns what to switch to for lambent_run(argument) to begin
// on a stack that ends at argument, which is a multiple of 16.
void *lambent_stack_begin(void *argument);

#endif
