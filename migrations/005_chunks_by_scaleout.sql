-- Nobody asks for chunks by their due time: the clock is in Redis, and the sweep goes by scaleout. The index only led
-- the planner to read every waiting chunk of the desk where those of one scaleout were wanted.
drop index scaleout_chunks_waiting;
